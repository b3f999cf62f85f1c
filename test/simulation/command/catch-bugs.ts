import pLimit from 'p-limit';
import { ALL_BUGS } from '../bugs/all-bugs.ts';
import type { SimulateOptions } from './options.ts';
import { record } from './record.ts';
import { print, printBroken, printShrunk, printTrial, printTrialsHead } from './report.ts';
import { tryBug } from './try-bug.ts';

/** Puts one bug into the code. Returns whether all promises held all the same. */
export async function runWithBug(name: string, options: SimulateOptions): Promise<boolean> {
  const bug = ALL_BUGS.find((one) => one.name === name);
  if (bug === undefined) throw new RangeError(`no bug is called ${name}`);
  print(`${bug.name}: ${bug.what}`);
  const startedMs = Date.now();
  const trial = await tryBug(bug, options, options.workers, async ({ caught }, pool) => {
    if (caught === undefined) return;
    const { history, violation } = caught;
    printBroken(history, violation);
    const { invariant } = violation;
    printShrunk(await pool.run({ kind: 'shrink', history, invariant }));
  });
  if (trial.caught === undefined) print(`not caught: all promises held in ${options.histories} histories`);
  else print(`\ncaught after ${trial.caught.histories} histories`);
  record(options.record, { span: options, seconds: secondsSince(startedMs), trials: [trial] });
  return trial.caught === undefined;
}

/** Puts every bug into the code, one at a time. Returns whether each was caught, and by what its entry names. */
export async function catchAllBugs(options: SimulateOptions): Promise<boolean> {
  const startedMs = Date.now();
  const limit = pLimit(options.workers);
  const running = ALL_BUGS.map((bug) => limit(() => tryBug(bug, options, 1)));
  const trials = [];
  printTrialsHead();
  for (const trial of running) {
    trials.push(await trial);
    printTrial(await trial);
  }
  const missed = trials.filter(({ caught }) => caught?.asExpected !== true).length;
  print(`\n${trials.length - missed} of ${trials.length} were caught within ${options.histories} histories`);
  record(options.record, { span: options, seconds: secondsSince(startedMs), trials });
  return missed === 0;
}

function secondsSince(startedMs: number): number {
  return (Date.now() - startedMs) / 1_000;
}
