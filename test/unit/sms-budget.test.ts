import { describe, expect, it } from 'vitest';
import { reserve, type SmsBudget } from '../../lib/domain/sms-budget.ts';
import { smsPriceMicroUsd } from '../../lib/domain/sms-price.ts';

const HOUR = 3_600_000;
/** Ten minutes before a month ends. */
const NOW = Date.UTC(2026, 10, 30, 23, 50);
const LIMITS = { hourlyMax: 3, monthlyMicroUsd: 100_000 };

const fresh = (priceMicroUsd = 20_000) => ({ priceMicroUsd, isHeld: false });

function reserved(seen: SmsBudget | undefined, priceMicroUsd = 20_000, nowMs = NOW): SmsBudget {
  const reservation = reserve(seen, LIMITS, fresh(priceMicroUsd), nowMs);
  if (reservation.kind !== 'reserved') throw new Error(`expected a reservation, got ${reservation.kind}`);
  return reservation.budget;
}

describe('the SMS of a receiver', () => {
  it('are counted by the hour and summed by the month', () => {
    expect(reserved(reserved(undefined))).toEqual({
      hourMs: Date.UTC(2026, 10, 30, 23),
      hourCount: 2,
      monthMs: Date.UTC(2026, 10, 1),
      monthMicroUsd: 40_000,
    });
  });

  it('wait for the next hour when the hour has had its share', () => {
    const full = reserved(reserved(undefined));
    expect(reserve(full, LIMITS, fresh(), NOW)).toEqual({
      kind: 'hour-full',
      untilMs: Date.UTC(2026, 11, 1),
    });
    expect(reserved(full, 20_000, NOW - 20 * 60_000 + HOUR).hourCount).toBe(1);
  });

  it('keep the last one of the hour for what waits', () => {
    const full = reserved(reserved(undefined));
    expect(reserve(full, LIMITS, { ...fresh(), isHeld: true }, NOW)).toMatchObject({
      budget: { hourCount: 3 },
    });
  });

  it('end for the month when one more would cost too much, and begin anew with the next', () => {
    const spent = reserved(undefined, 90_000);
    expect(reserve(spent, LIMITS, fresh(10_001), NOW)).toEqual({ kind: 'month-spent' });
    expect(reserve(spent, LIMITS, fresh(10_000), NOW).kind).toBe('reserved');
    expect(reserved(spent, 20_000, NOW + 10 * 60_000)).toMatchObject({
      monthMs: Date.UTC(2026, 11, 1),
      monthMicroUsd: 20_000,
      hourCount: 1,
    });
  });

  it('are counted on in the hour and month that began, when a clock is behind', () => {
    const next = reserved(undefined, 20_000, NOW + 10 * 60_000);
    expect(reserved(next, 20_000, NOW)).toEqual({ ...next, hourCount: 2, monthMicroUsd: 40_000 });
  });

  it('have no monthly end without a budget', () => {
    const limits = { hourlyMax: 1_000, monthlyMicroUsd: undefined };
    expect(reserve(reserved(undefined), limits, fresh(1e12), NOW).kind).toBe('reserved');
  });
});

describe('the price of an SMS', () => {
  it('is that of each number, for each part', () => {
    const us = smsPriceMicroUsd(['+12025550123'], 1);
    const brazil = smsPriceMicroUsd(['+5511961234567'], 1);
    expect(us).toBeGreaterThan(0);
    expect(brazil).not.toBe(us);
    expect(smsPriceMicroUsd(['+12025550123', '+5511961234567'], 3)).toBe(3 * (us + brazil));
  });

  it('is taken to be high where it is not known', () => {
    const unknown = smsPriceMicroUsd(['+8811234567890'], 1);
    expect(unknown).toBe(smsPriceMicroUsd(['no number at all'], 1));
    expect(unknown).toBeGreaterThan(2 * smsPriceMicroUsd(['+4915112345678'], 1) - 20_000);
  });
});
