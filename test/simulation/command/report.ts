import process from 'node:process';
import { ALL_BUGS } from '../bugs/all-bugs.ts';
import type { CrashReport } from '../crash-points.ts';
import { FAULT_KINDS } from '../faults.ts';
import type { History } from '../history.ts';
import { INVARIANTS } from '../invariants.ts';
import { CALL_KINDS, type Violation } from '../simulation-state.ts';
import { hardware, stopsByKind } from './record.ts';
import type { HistoriesRun } from './run-histories.ts';
import { SUMS } from './run-shard.ts';
import type { BugTrial } from './try-bug.ts';
import type { Answers } from './worker-pool.ts';

/** Last calls of a broken history that are shown. */
const CALLS_SHOWN = 60;

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function printHistories({ counts, rare }: HistoriesRun, seconds: number): void {
  print(hardware());
  row('histories per second', Math.round(counts.sums.histories / seconds));
  for (const sum of SUMS) row(sum, counts.sums[sum]);
  print('\nfaults fired');
  for (const kind of FAULT_KINDS) row(`  ${kind}`, counts.fired.get(kind) ?? 0);
  if (rare.length > 0) print(`\nfired too rarely within the time given: ${rare.join(', ')}`);
}

export function printBroken({ seed, rates }: History, violation: Violation): void {
  print(`seed ${seed} breaks ${violation.invariant}: ${INVARIANTS[violation.invariant].says}`);
  print(`  ${violation.detail}`);
  print(`  at ${new Date(violation.atMs).toISOString()}, fault rates ${JSON.stringify(rates)}`);
}

export function printShrunk({ history, lines }: Answers['shrink']): void {
  print(`\nThe smallest history found that breaks it too:\n${JSON.stringify(history, undefined, 1)}`);
  print(`\nIts last calls:\n${lines.slice(-CALLS_SHOWN).join('\n')}`);
}

/** What was stopped where; then what broke. Returns whether all held, and every kind of call was stopped. */
export function printCrashes(reports: readonly CrashReport[]): boolean {
  print('\nscenarios, stopped before and after every call');
  for (const { name, stops } of reports) print(`  ${String(stops).padStart(5)}  ${name}`);
  print('\nstops by kind of call');
  const byKind = stopsByKind(reports);
  for (const kind of CALL_KINDS) row(`  ${kind}`, byKind.get(kind) ?? 0);
  row('stops', sumOf(byKind.values()));
  const broken = reports.filter((report) => report.broken.length > 0);
  for (const report of broken) {
    const [first] = report.broken;
    print(`\n${report.name}, stopped ${first?.at}: ${first?.violation.invariant} ${first?.violation.detail}`);
  }
  const never = CALL_KINDS.filter((kind) => !byKind.has(kind));
  if (never.length > 0) print(`\nno scenario makes these calls: ${never.join(', ')}`);
  return broken.length === 0 && never.length === 0;
}

export function printTrialsHead(): void {
  print(hardware());
  print(`${'bug'.padEnd(nameWidth())}  ${'seed'.padStart(6)} ${'histories'.padStart(9)}  caught by`);
}

export function printTrial({ bug, caught }: BugTrial): void {
  const name = bug.name.padEnd(nameWidth());
  if (caught === undefined) {
    print(`${name}  ${'-'.padStart(6)} ${'-'.padStart(9)}  nothing`);
    return;
  }
  const { invariant } = caught.violation;
  const by = caught.asExpected ? invariant : `${invariant}, expected ${bug.breaks.join(' or ')}`;
  if (caught.by === 'scenario') {
    print(`${name}  ${'-'.padStart(6)} ${'-'.padStart(9)}  ${by}, ${bug.scenario}`);
    return;
  }
  print(`${name}  ${String(caught.history.seed).padStart(6)} ${String(caught.histories).padStart(9)}  ${by}`);
}

function nameWidth(): number {
  return Math.max(...ALL_BUGS.map((bug) => bug.name.length));
}

function row(name: string, value: number): void {
  print(`${name.padEnd(28)}${String(value).padStart(12)}`);
}

function sumOf(counts: Iterable<number>): number {
  return [...counts].reduce((total, count) => total + count, 0);
}
