import { DateTime } from 'luxon';
import { HOUR_MS } from './policy.ts';

/** What a receiver's SMS may come to. */
export type SmsLimits = {
  /** Messages in one hour of the clock, at least two: the last is kept for what waits. */
  readonly hourlyMax: number;
  /** Per month in UTC, as AWS bills; undefined: no limit but the account's own. */
  readonly monthlyMicroUsd: number | undefined;
};

/** What has been reserved of it. Nothing is given back: too much reserved costs a message, too little costs money. */
export type SmsBudget = {
  /** Start of the hour that `hourCount` counts. */
  readonly hourMs: number;
  readonly hourCount: number;
  /** Start of the month (UTC) that `monthMicroUsd` sums. */
  readonly monthMs: number;
  readonly monthMicroUsd: number;
};

/** What one message costs, and whether it was held before. */
export type SmsCost = { readonly priceMicroUsd: number; readonly isHeld: boolean };

export type Reservation =
  | { readonly kind: 'reserved'; readonly budget: SmsBudget }
  /** The hour has had its messages; the next one begins at `untilMs`. */
  | { readonly kind: 'hour-full'; readonly untilMs: number }
  | { readonly kind: 'month-spent' };

/**
 * Takes one message of `priceMicroUsd` out of the budget, if it is there. `seen` undefined: nothing was ever reserved.
 * Fresh alerts leave the last message of an hour to held ones: otherwise a steady stream would keep those waiting for ever.
 */
export function reserve(
  seen: SmsBudget | undefined,
  limits: SmsLimits,
  { priceMicroUsd, isHeld }: SmsCost,
  nowMs: number,
): Reservation {
  const spent = rolledOver(seen, nowMs);
  const monthMicroUsd = spent.monthMicroUsd + priceMicroUsd;
  if (limits.monthlyMicroUsd !== undefined && monthMicroUsd > limits.monthlyMicroUsd) {
    return { kind: 'month-spent' };
  }
  const hourlyMax = isHeld ? limits.hourlyMax : limits.hourlyMax - 1;
  if (spent.hourCount >= hourlyMax) return { kind: 'hour-full', untilMs: spent.hourMs + HOUR_MS };
  return { kind: 'reserved', budget: { ...spent, hourCount: spent.hourCount + 1, monthMicroUsd } };
}

/** The budget of the present hour and month. A clock that stepped back goes on with the later one that was begun. */
function rolledOver(seen: SmsBudget | undefined, nowMs: number): SmsBudget {
  const hourMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const monthMs = DateTime.fromMillis(nowMs, { zone: 'utc' }).startOf('month').toMillis();
  const isHour = seen !== undefined && seen.hourMs >= hourMs;
  const isMonth = seen !== undefined && seen.monthMs >= monthMs;
  return {
    hourMs: isHour ? seen.hourMs : hourMs,
    hourCount: isHour ? seen.hourCount : 0,
    monthMs: isMonth ? seen.monthMs : monthMs,
    monthMicroUsd: isMonth ? seen.monthMicroUsd : 0,
  };
}
