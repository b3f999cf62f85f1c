import process from 'node:process';
import { CommanderError } from 'commander';
import { catchAllBugs, runWithBug } from './command/catch-bugs.ts';
import { checkPromises, printHashes, printTrace } from './command/check-promises.ts';
import { readOptions, type SimulateOptions } from './command/options.ts';
import { startWorkers, type WorkerPool } from './command/worker-pool.ts';

const WRONG_USAGE = 2;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  try {
    return (await run(readOptions(argv))) ? 0 : 1;
  } catch (error) {
    // What was wrong with the command line has been printed.
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : WRONG_USAGE;
  }
}

/** Returns whether all held. */
function run(options: SimulateOptions): Promise<boolean> {
  if (options.bugs) return catchAllBugs(options);
  if (options.bug !== undefined) return runWithBug(options.bug, options);
  if (options.trace) return withWorkers(1, (pool) => printTrace(pool, options));
  return withWorkers(options.workers, (pool) =>
    options.hash ? printHashes(pool, options) : checkPromises(pool, options),
  );
}

async function withWorkers(count: number, work: (pool: WorkerPool) => Promise<boolean>): Promise<boolean> {
  const pool = startWorkers(count);
  try {
    return await work(pool);
  } finally {
    await pool.stop();
  }
}
