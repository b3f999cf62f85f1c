import { describe, expect, it } from 'vitest';
import { beyondLookback, newAppState, withLateness } from '../../lib/domain/app-progress.ts';
import type { AppState } from '../../lib/domain/app-state.ts';
import { withoutTimes } from '../../lib/domain/coverage.ts';
import { appOf } from '../fixtures/alert-config.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 22, 12);
const LOOKBACK = { everyTickMs: 15 * MINUTE, hourlyMs: 24 * HOUR, dailyMs: 7 * DAY };
const STATE = newAppState(appOf('c-123', '72822'), NOW);

describe('an event beyond the longest lookback', () => {
  const state = { ...STATE, startMs: NOW - 20 * DAY, watermarkMs: NOW - MINUTE };
  const beyond = (at: number, changes: Partial<AppState> = {}) =>
    beyondLookback({ ...state, ...changes }, LOOKBACK, [at], NOW).length === 1;

  it('is one that no tier reads back to', () => {
    expect(beyond(NOW - MINUTE - 7 * DAY - 1)).toBe(true);
    expect(beyond(NOW - MINUTE - 7 * DAY)).toBe(false);
  });

  it('is none from before the app started, nor one that a backfill brings up', () => {
    expect(beyond(NOW - 20 * DAY)).toBe(true);
    expect(beyond(NOW - 20 * DAY - 1)).toBe(false);
    expect(beyond(NOW - 9 * DAY, { backfill: { atMs: NOW - 12 * DAY, untilMs: NOW - 8 * DAY } })).toBe(false);
  });

  it('is counted from now when the watermark lies ahead, because a clock stepped back', () => {
    expect(beyond(NOW - 7 * DAY, { watermarkMs: NOW + DAY })).toBe(false);
  });
});

describe('a lookback that was too short', () => {
  it('grows to the lateness seen and goes back after a quiet day', () => {
    const state = { ...STATE, startMs: NOW - DAY, watermarkMs: NOW };
    const grown = withLateness(state, LOOKBACK, [NOW - 40 * MINUTE], NOW);
    expect(grown.grownLookback).toEqual({ lookbackMs: 41 * MINUTE, seenAtMs: NOW });
    expect(withLateness(grown, LOOKBACK, [], NOW + DAY).grownLookback).toBeDefined();
    expect(withLateness(grown, LOOKBACK, [], NOW + DAY + 1)).toEqual({ ...grown, grownLookback: undefined });
  });

  it('stays grown while events keep coming that late', () => {
    const state = { ...STATE, startMs: NOW - DAY, watermarkMs: NOW };
    const grown = withLateness(state, LOOKBACK, [NOW - 40 * MINUTE], NOW);
    const later = withLateness(grown, LOOKBACK, [NOW - 30 * MINUTE], NOW + 20 * HOUR);
    expect(later.grownLookback).toMatchObject({ seenAtMs: NOW + 20 * HOUR });
    expect(later.grownLookback?.lookbackMs).toBeGreaterThanOrEqual(41 * MINUTE);
  });

  it('is measured from now when the watermark lies ahead, and takes in the moment the app started', () => {
    const state = { ...STATE, startMs: NOW - 40 * MINUTE, watermarkMs: NOW + HOUR };
    expect(withLateness(state, LOOKBACK, [NOW - 15 * MINUTE], NOW).grownLookback).toBeUndefined();
    const grown = withLateness(state, LOOKBACK, [NOW - 40 * MINUTE], NOW);
    expect(grown.grownLookback?.lookbackMs).toBe(41 * MINUTE);
  });

  it('takes any number of events', () => {
    const state = { ...STATE, startMs: NOW - 9 * DAY, watermarkMs: NOW };
    const times = Array.from({ length: 300_000 }, () => NOW - 40 * MINUTE);
    expect(withLateness(state, LOOKBACK, times, NOW).grownLookback?.lookbackMs).toBe(41 * MINUTE);
    expect(withoutTimes([{ fromMs: 0, untilMs: NOW }], times)).toEqual([
      { fromMs: 0, untilMs: NOW - 40 * MINUTE },
    ]);
  });

  it('never grows beyond 26 hours', () => {
    const state = { ...STATE, startMs: NOW - 9 * DAY, watermarkMs: NOW };
    const grown = withLateness(state, LOOKBACK, [NOW - 5 * DAY], NOW);
    expect(grown.grownLookback?.lookbackMs).toBe(26 * HOUR);
  });

  it('is not what a backfill brings up, nor what is within the lookback', () => {
    const state = { ...STATE, startMs: NOW - 9 * DAY, watermarkMs: NOW };
    const backfilling = { ...state, backfill: { atMs: NOW - 9 * DAY, untilMs: NOW - DAY } };
    expect(withLateness(backfilling, LOOKBACK, [NOW - 2 * DAY], NOW).grownLookback).toBeUndefined();
    expect(withLateness(state, LOOKBACK, [NOW - 15 * MINUTE], NOW).grownLookback).toBeUndefined();
  });
});
