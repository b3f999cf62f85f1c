import type { CrashReport } from '../crash-points.ts';
import type { SimulateOptions } from './options.ts';
import { record } from './record.ts';
import { print, printBroken, printCrashes, printHistories, printShrunk } from './report.ts';
import { runHistories } from './run-histories.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Random histories, then every crash point of every scenario. Returns whether all promises held. */
export async function checkPromises(pool: WorkerPool, options: SimulateOptions): Promise<boolean> {
  const { untilFaults, minutes } = options;
  const startedMs = Date.now();
  const endsMs = startedMs + minutes * 60_000;
  const histories = await runHistories(pool, {
    ...options,
    untilFaults: untilFaults === undefined ? undefined : { count: untilFaults, endsMs },
  });
  const seconds = (Date.now() - startedMs) / 1_000;
  const { broken, rare } = histories;
  if (broken !== undefined) {
    printBroken(broken.history, broken.violation);
    const { invariant } = broken.violation;
    printShrunk(await pool.run({ kind: 'shrink', history: broken.history, invariant }));
    record(options.record, { span: options, seconds, histories });
    return false;
  }
  printHistories(histories, seconds);
  const reports = options.crashPoints ? await crashAll(pool) : undefined;
  const hold = reports === undefined || printCrashes(reports);
  record(options.record, { span: options, seconds, histories, reports });
  return hold && rare.length === 0;
}

/** Prints, for each seed, one hash over all that happened in its history. */
export async function printHashes(pool: WorkerPool, options: SimulateOptions): Promise<boolean> {
  const { broken } = await runHistories(pool, {
    ...options,
    untilFaults: undefined,
    onSpan: ({ hashes }) => {
      for (const [seed, hash] of hashes) print(`${seed} ${hash}`);
    },
  });
  return broken === undefined;
}

export async function printTrace(pool: WorkerPool, { seed, parts }: SimulateOptions): Promise<boolean> {
  const { lines, violation } = await pool.run({ kind: 'trace', seed, parts });
  for (const line of lines) print(line);
  return violation === undefined;
}

async function crashAll(pool: WorkerPool): Promise<readonly CrashReport[]> {
  const names = await pool.run({ kind: 'scenario-names' });
  return Promise.all(names.map((name) => pool.run({ kind: 'scenario', name })));
}
