import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { writeRecord } from '../../fixtures/record.ts';
import { environment, ROOT, runCommand } from '../command.ts';
import { type MutationReport, scoresOf } from './score.ts';

const HERE = import.meta.dirname;
const STRYKER = join(HERE, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
const REPORT = join(ROOT, '.cache', 'mutation', 'report.json');
const INSTALL_TIMEOUT_MS = 120_000;

const { values } = parseArgs({
  options: {
    /** Files in place of all, divided by commas. What is known of the others stays. */
    files: { type: 'string' },
    /** Every mutant is tried anew, not only where it or its tests changed. */
    force: { type: 'boolean', default: false },
    /** Where the score of each folder is written. */
    record: { type: 'string' },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  const install = { cwd: HERE, env: environment(), timeoutMs: INSTALL_TIMEOUT_MS };
  await runCommand('npm', ['ci', '--no-audit', '--no-fund'], install);
  const code = await stryker([
    ...(values.files === undefined ? [] : ['--mutate', values.files]),
    ...(values.force ? ['--force'] : []),
  ]);
  if (values.record !== undefined) {
    const report = JSON.parse(readFileSync(REPORT, 'utf8')) as MutationReport;
    writeRecord(values.record, { scores: scoresOf(report) });
  }
  return code;
}

/** Its exit code: above 0 when the score is too low. */
function stryker(args: readonly string[]): Promise<number> {
  const all = [STRYKER, 'run', join(HERE, 'stryker.config.mjs'), ...args];
  const child = spawn(process.execPath, all, { cwd: ROOT, env: { ...environment() }, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
