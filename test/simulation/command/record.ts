import { circumstances, writeRecord } from '../../fixtures/record.ts';
import type { CrashReport } from '../crash-points.ts';
import { FAULT_KINDS } from '../faults.ts';
import type { CallKind } from '../simulation-state.ts';
import type { HistoriesRun } from './run-histories.ts';
import { addedUp, type Span } from './run-shard.ts';
import type { BugTrial } from './try-bug.ts';

/** The machine, as every table says it. */
export function hardware(): string {
  const { cpu, cores, node } = circumstances().hardware;
  return `${cpu}, ${cores} cores, Node ${node}`;
}

/** How often each kind of call was stopped at, over all scenarios. */
export function stopsByKind(reports: readonly CrashReport[]): ReadonlyMap<CallKind, number> {
  return addedUp(reports.flatMap((report) => [...report.stopsByKind]));
}

/** Writes what a run has to say in numbers to the file that was named, if one was. */
export function record(file: string | undefined, run: Run): void {
  if (file !== undefined) writeRecord(file, figuresOf(run));
}

type Run = {
  readonly span: Span;
  readonly seconds: number;
  readonly histories?: HistoriesRun;
  readonly reports?: readonly CrashReport[] | undefined;
  readonly trials?: readonly BugTrial[];
};

function figuresOf(run: Run): Readonly<Record<string, unknown>> {
  const { span, seconds, histories, reports, trials } = run;
  const done = histories?.counts.sums.histories ?? 0;
  return {
    seconds: Math.round(seconds),
    ...(histories && {
      seeds: { first: span.seed, last: span.seed + done - 1 },
      historiesPerSecond: Math.round(done / seconds),
      ...histories.counts.sums,
      faults: Object.fromEntries(FAULT_KINDS.map((kind) => [kind, histories.counts.fired.get(kind) ?? 0])),
      holds: histories.broken === undefined && histories.rare.length === 0,
    }),
    ...(reports && {
      crashPoints: {
        stops: reports.reduce((total, report) => total + report.stops, 0),
        byKind: Object.fromEntries(stopsByKind(reports)),
        byScenario: Object.fromEntries(reports.map((report) => [report.name, report.stops])),
        broken: reports.reduce((total, report) => total + report.broken.length, 0),
      },
    }),
    ...(trials && { bugs: trials.map(bugFigures) }),
  };
}

function bugFigures({ bug, caught }: BugTrial): Readonly<Record<string, unknown>> {
  const { name, what, file, swaps } = bug;
  return {
    ...{ name, what, file, swaps },
    ...(caught?.by === 'history' && { histories: caught.histories, seed: caught.history.seed }),
    ...(caught?.by === 'scenario' && { scenario: bug.scenario, stopped: caught.at }),
    invariant: caught?.violation.invariant,
  };
}
