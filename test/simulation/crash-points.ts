import { MINUTE_MS } from './history.ts';
import { runHistory } from './run-history.ts';
import type { Scenario } from './scenario.ts';
import type { CallKind, Violation } from './simulation-state.ts';

export type CrashReport = {
  readonly name: string;
  /** Runs that were stopped, before and after each call. */
  readonly stops: number;
  readonly owed: number;
  readonly calls: ReadonlyMap<CallKind, number>;
  readonly broken: readonly { readonly at: string; readonly violation: Violation }[];
};

/** Runs a scenario to its end once, then once more for each call and side of it, and looks at the invariants each time. */
export async function crashEverywhere({ name, history, fromMs, every }: Scenario): Promise<CrashReport> {
  const span = { fromMs, untilMs: history.healMs + MINUTE_MS };
  const whole = await runHistory(history, { crash: { ...span, callIndex: -1, side: 'before' } });
  const broken = whole.violation === undefined ? [] : [{ at: 'not stopped', violation: whole.violation }];
  let stops = 0;
  for (let callIndex = 0; callIndex < whole.plannedCalls; callIndex += every) {
    for (const side of ['before', 'after'] as const) {
      const { violation } = await runHistory(history, { crash: { ...span, callIndex, side } });
      stops += 1;
      if (violation !== undefined) broken.push({ at: `${side} call ${callIndex}`, violation });
    }
  }
  return { name, stops, owed: whole.owed, calls: whole.calls, broken };
}
