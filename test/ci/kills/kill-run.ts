import process from 'node:process';
import { parseArgs } from 'node:util';
import { writeRecord } from '../../fixtures/record.ts';
import { killAndCount } from './kill-and-count.ts';

// Kills `npm start` again and again, with everything that belongs to it, and counts what was lost or told twice.
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    /** Writes the figures, with the circumstances they were measured under, to a file. */
    record: { type: 'string' },
  },
});

const kills = Number(values.kills);
const seed = Number(values.seed);
if (!Number.isInteger(kills) || kills < 1 || kills > 1_000 || !Number.isInteger(seed)) {
  process.stderr.write('expected --kills from 1 to 1000 and --seed a whole number\n');
  process.exit(2);
}
const tell = (line: string): boolean => process.stderr.write(`${line}\n`);
const { unexplained, ...figures } = await killAndCount(kills, seed, tell);
for (const message of unexplained) tell(`not recorded, and no kill to blame: ${message}`);
process.stdout.write(`${JSON.stringify({ kills, seed, ...figures }, undefined, 2)}\n`);
if (values.record !== undefined) writeRecord(values.record, { kills, seed, ...figures });

const { lost, repeats, repeatsInGap, toldWithoutRule } = figures;
process.exitCode = lost === 0 && repeats === repeatsInGap && toldWithoutRule === 0 ? 0 : 1;
