import { readFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { writeRecord } from '../../fixtures/record.ts';
import type { Counts, SimulateRecord } from './records.ts';

// Adds up records of `npm run simulate` over shards of seeds that follow each other.
const { values, positionals } = parseArgs({
  options: { record: { type: 'string' } },
  allowPositionals: true,
});
if (values.record === undefined || positionals.length === 0) {
  process.stderr.write('expected the records of some shards, and --record FILE for their sum\n');
  process.exit(2);
}
const shards = positionals
  .map((file) => JSON.parse(readFileSync(file, 'utf8')) as SimulateRecord)
  .toSorted((a, b) => a.seeds.first - b.seeds.first);
for (const [index, shard] of shards.slice(1).entries()) {
  const before = shards[index];
  if (before?.seeds.last !== shard.seeds.first - 1) {
    process.stderr.write(
      `expected a shard from seed ${(before?.seeds.last ?? 0) + 1} on, found ${shard.seeds.first}\n`,
    );
    process.exit(2);
  }
}

const sum = (of: (shard: SimulateRecord) => number): number =>
  shards.reduce((total, shard) => total + of(shard), 0);
const addedUp = (counts: readonly Counts[]): Counts => {
  const names = Object.keys(counts[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [name, counts.reduce((total, one) => total + (one[name] ?? 0), 0)]),
  );
};
const seconds = sum((shard) => shard.seconds);
const histories = sum((shard) => shard.histories);
writeRecord(values.record, {
  // Of one shard; the others differ in their first seed.
  command: shards[0]?.command.replace(/ --record \S+/, ''),
  shards: shards.length,
  seconds,
  seeds: { first: shards[0]?.seeds.first, last: shards.at(-1)?.seeds.last },
  historiesPerSecond: Math.round(histories / seconds),
  histories,
  owed: sum((shard) => shard.owed),
  invocations: sum((shard) => shard.invocations),
  published: sum((shard) => shard.published),
  calls: sum((shard) => shard.calls),
  faults: addedUp(shards.map((shard) => shard.faults)),
  holds: shards.every((shard) => shard.holds),
});
