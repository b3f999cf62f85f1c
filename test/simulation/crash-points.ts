import { MINUTE_MS } from './history.ts';
import { runHistory } from './run-history.ts';
import type { Scenario } from './scenario.ts';
import type { CallKind, Violation } from './simulation-state.ts';

export type CrashReport = {
  readonly name: string;
  /** Runs that were stopped, before and after each call. */
  readonly stops: number;
  readonly stopsByKind: ReadonlyMap<CallKind, number>;
  readonly owed: number;
  readonly broken: readonly { readonly at: string; readonly violation: Violation }[];
};

/** Runs a scenario to its end once, then once more for each call and side of it, and looks at the invariants each time. */
export async function crashEverywhere({ name, history, fromMs }: Scenario): Promise<CrashReport> {
  const span = { fromMs, untilMs: history.healMs + MINUTE_MS };
  const whole = await runHistory(history, { crash: { ...span, callIndex: -1, side: 'before' } });
  const broken = whole.violation === undefined ? [] : [{ at: 'not stopped', violation: whole.violation }];
  const stopsByKind = new Map<CallKind, number>();
  for (const [callIndex, kind] of whole.plannedCalls.entries()) {
    for (const side of ['before', 'after'] as const) {
      const { violation } = await runHistory(history, { crash: { ...span, callIndex, side } });
      stopsByKind.set(kind, (stopsByKind.get(kind) ?? 0) + 1);
      if (violation !== undefined) broken.push({ at: `${side} ${kind}, call ${callIndex}`, violation });
    }
  }
  return { name, stops: 2 * whole.plannedCalls.length, stopsByKind, owed: whole.owed, broken };
}
