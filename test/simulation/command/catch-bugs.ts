import pLimit from 'p-limit';
import { ALL_BUGS } from '../bugs/all-bugs.ts';
import { INVARIANTS } from '../invariants.ts';
import type { SimulateOptions } from './options.ts';
import { record } from './record.ts';
import { print, printBroken, printShrunk, printTrial, printTrialsHead } from './report.ts';
import { type BugTrial, tryBug } from './try-bug.ts';

/** Puts one bug into the code. Returns whether all promises held all the same. */
export async function runWithBug(name: string, options: SimulateOptions): Promise<boolean> {
  const bug = ALL_BUGS.find((one) => one.name === name);
  if (bug === undefined) throw new RangeError(`no bug is called ${name}`);
  print(`${bug.name}: ${bug.what}`);
  const startedMs = Date.now();
  const trial = await tryBug(bug, options, options.workers, async ({ caught }, pool) => {
    if (caught?.by !== 'history') return;
    const { history, violation } = caught;
    printBroken(history, violation);
    printShrunk(await pool.run({ kind: 'shrink', history, invariant: violation.invariant }));
  });
  print(`\n${told(trial, options)}`);
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
  print(`\n${trials.length - missed} of ${trials.length} were caught`);
  record(options.record, { span: options, seconds: secondsSince(startedMs), trials });
  return missed === 0;
}

function told({ bug, caught }: BugTrial, { histories }: SimulateOptions): string {
  const { scenario } = bug;
  if (caught?.by === 'history') return `caught after ${caught.histories} histories`;
  if (caught?.by === 'scenario') {
    const { invariant, detail } = caught.violation;
    return `caught by ${invariant} in ${JSON.stringify(scenario)}, stopped ${caught.at}: ${INVARIANTS[invariant].says}\n  ${detail}`;
  }
  return scenario === undefined
    ? `not caught: all promises held in ${histories} histories`
    : `not caught: all promises held wherever ${JSON.stringify(scenario)} was stopped`;
}

function secondsSince(startedMs: number): number {
  return (Date.now() - startedMs) / 1_000;
}
