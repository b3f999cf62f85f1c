import process from 'node:process';
import { parseArgs } from 'node:util';
import { type CrashReport, crashEverywhere } from './crash-points.ts';
import { drawHistory } from './draw-history.ts';
import { drawnIn } from './drawn.ts';
import { FAULT_KINDS, type FaultKind } from './faults.ts';
import type { History } from './history.ts';
import { INVARIANTS } from './invariants.ts';
import { type Outcome, runHistory } from './run-history.ts';
import { SCENARIOS } from './scenarios.ts';
import { shrink } from './shrink.ts';
import type { Violation } from './simulation-state.ts';

type Sums = Record<
  'histories' | 'owed' | 'invocations' | 'timedOut' | 'requests' | 'published' | 'accepted' | 'calls',
  number
>;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    histories: { type: 'string', default: '1000' },
    'no-crash-points': { type: 'boolean', default: false },
    /** Prints every call of the first history instead of a table. */
    trace: { type: 'boolean', default: false },
    /** Prints one hash over the traces of all histories. */
    hash: { type: 'boolean', default: false },
  },
});

process.exitCode = await main(Number(values.seed), Number(values.histories));

async function main(seed: number, count: number): Promise<number> {
  if (values.trace) {
    const { lines, violation } = await runHistory(drawHistory(seed), { keepsTrace: true });
    print(lines.join('\n'));
    return violation === undefined ? 0 : 1;
  }
  const sums = noSums();
  const fired = new Map<FaultKind, number>();
  for (let number = seed; number < seed + count; number += 1) {
    const history = drawHistory(number);
    const outcome = await runHistory(history);
    if (values.hash) print(`${number} ${outcome.trace}`);
    if (outcome.violation !== undefined) return explain(history, outcome.violation);
    add(sums, fired, history, outcome);
  }
  const reports = values['no-crash-points'] ? [] : await crashAll();
  if (!values.hash) table(sums, fired, reports);
  const broken = reports.filter((report) => report.broken.length > 0);
  for (const { name, broken: stops } of broken) {
    const [first] = stops;
    print(`\n${name}, stopped ${first?.at}: ${first?.violation.invariant} ${first?.violation.detail}`);
  }
  return broken.length === 0 ? 0 : 1;
}

async function crashAll(): Promise<readonly CrashReport[]> {
  const reports: CrashReport[] = [];
  for (const scenario of SCENARIOS) reports.push(await crashEverywhere(scenario));
  return reports;
}

function noSums(): Sums {
  const zero = { histories: 0, owed: 0, invocations: 0, timedOut: 0 };
  return { ...zero, requests: 0, published: 0, accepted: 0, calls: 0 };
}

function add(sums: Sums, fired: Map<FaultKind, number>, history: History, outcome: Outcome): void {
  sums.histories += 1;
  sums.owed += outcome.owed;
  sums.invocations += outcome.invocations;
  sums.timedOut += outcome.timedOut;
  sums.requests += outcome.requests;
  sums.published += outcome.published;
  sums.accepted += outcome.accepted;
  for (const calls of outcome.calls.values()) sums.calls += calls;
  for (const [kind, times] of [...outcome.fired, ...drawnIn(history)]) {
    fired.set(kind, (fired.get(kind) ?? 0) + times);
  }
}

async function explain(history: History, violation: Violation): Promise<number> {
  print(`seed ${history.seed} breaks ${violation.invariant}: ${INVARIANTS[violation.invariant]}`);
  print(`  ${violation.detail}`);
  print(`  at ${new Date(violation.atMs).toISOString()}, fault rates ${JSON.stringify(history.rates)}`);
  const small = await shrink(history, violation.invariant);
  const outcome = await runHistory(small, { keepsTrace: true });
  print(`\nThe smallest history found that breaks it too:\n${JSON.stringify(small, undefined, 1)}`);
  print(`\nIts last calls:\n${outcome.lines.slice(-60).join('\n')}`);
  return 1;
}

function table(sums: Sums, fired: ReadonlyMap<FaultKind, number>, reports: readonly CrashReport[]): void {
  const row = (name: string, value: number): void => print(`${name.padEnd(28)}${String(value).padStart(12)}`);
  for (const [name, value] of Object.entries(sums)) row(name, value);
  print('\nfaults fired');
  for (const kind of FAULT_KINDS) row(`  ${kind}`, fired.get(kind) ?? 0);
  if (reports.length === 0) return;
  print('\nscenarios, stopped before and after every call');
  for (const { name, stops } of reports) print(`  ${String(stops).padStart(5)}  ${name}`);
  row(
    'stops',
    reports.reduce((total, report) => total + report.stops, 0),
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
