import type { App } from '../domain/alert-config.ts';
import { beyondLookback } from '../domain/app-progress.ts';
import type { AppState } from '../domain/app-state.ts';
import { DAY_MS } from '../domain/policy.ts';
import type { ReadPlan } from '../domain/read-plan.ts';
import type { FoundAlert } from './find-alerts.ts';
import type { Tick } from './tick.ts';

/** A span that no plan will read any more is a loss, and is listed before a mark passes it. */
export async function listLostSpan(tick: Tick, app: App, plan: ReadPlan): Promise<void> {
  if (plan.lost === undefined) return;
  const { fromMs, untilMs } = plan.lost;
  const hours = Math.ceil((untilMs - fromMs) / 3_600_000);
  await tick.ports.ledger.failed.put({
    atMs: fromMs,
    target: '-',
    key: { pk: `app#${app.key}`, sk: 'state' },
    because: `about ${hours} h of events were never read: polls were down for more than 28 days`,
  });
}

/**
 * What appears later than any tier looks back is told, and listed as a sign that more of it was missed. Before its rows are
 * claimed: afterwards it would be no news. One entry per app and day.
 */
export async function listBeyondLookback(
  tick: Tick,
  app: App,
  state: AppState,
  found: readonly FoundAlert[],
  nowMs: number,
): Promise<void> {
  const { lookback } = tick.rulebook.config;
  const times = beyondLookback(state, lookback, datesOf(found), nowMs);
  if (times.length === 0) return;
  tick.ports.telemetry.count('BeyondLookback', times.length);
  const earliestMs = times.reduce((earliest, at) => Math.min(earliest, at));
  const days = (spanMs: number): number => Math.ceil(spanMs / DAY_MS);
  await tick.ports.ledger.failed.put({
    atMs: Math.floor(nowMs / DAY_MS) * DAY_MS,
    target: '-',
    key: { pk: `app#${app.key}`, sk: 'state' },
    because:
      `events appeared up to ${days(nowMs - earliestMs)} days after their date and were told; ` +
      `others may have been missed: lookback.daily is ${days(lookback.dailyMs)} days`,
  });
}

/** Of alerts that are to be told, as far as their events have a date. */
export function datesOf(found: readonly FoundAlert[]): readonly number[] {
  return found.flatMap(({ seed, row }) =>
    seed || row.facts.occurredAtMs === undefined ? [] : [row.facts.occurredAtMs],
  );
}
