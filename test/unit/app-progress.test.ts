import { describe, expect, it } from 'vitest';
import {
  isWriteDue,
  newAppState,
  withFailure,
  withLateness,
  withoutFailure,
  withStarts,
} from '../../lib/domain/app-progress.ts';
import type { AppState } from '../../lib/domain/app-state.ts';
import { withoutTimes } from '../../lib/domain/coverage.ts';
import { reconcileStarts } from '../../lib/domain/rule-starts.ts';
import { appOf, rule } from '../fixtures/alert-config.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 22, 12);
const APP = appOf('c-123', '72822');
const LOOKBACK = { everyTickMs: 15 * MINUTE, hourlyMs: 24 * HOUR, dailyMs: 7 * DAY };
const STATE = newAppState(APP, NOW);

describe('a failing app', () => {
  const fail = (state: AppState, retryAtMs?: number) =>
    withFailure(state, { because: 'unavailable', detail: 'no answer', retryAtMs }, NOW);

  it('is due at once after two failures, then waits 2, 4, 8 ... at most 60 minutes', () => {
    let state = STATE;
    const waits: number[] = [];
    for (let count = 1; count <= 10; count += 1) {
      state = fail(state);
      waits.push((state.pollAfterMs - NOW) / MINUTE);
    }
    expect(waits).toEqual([0, 0, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(state.failure).toMatchObject({ count: 10, sinceMs: NOW, because: 'unavailable' });
  });

  it('waits as long as it was asked to, whatever the count', () => {
    expect(fail(STATE, NOW + 7 * MINUTE).pollAfterMs).toBe(NOW + 7 * MINUTE);
  });

  it('looks again within five minutes when it was the token: that is mended by hand', () => {
    let state = STATE;
    for (let count = 0; count < 9; count += 1) {
      state = withFailure(state, { because: 'unauthorised', detail: '401', retryAtMs: undefined }, NOW);
    }
    expect(state.pollAfterMs).toBe(NOW + 5 * MINUTE);
  });

  it('forgets its failures after one success', () => {
    expect(withoutFailure(fail(fail(STATE)))).toMatchObject({ failure: undefined, pollAfterMs: 0 });
  });
});

describe('a lookback that was too short', () => {
  it('grows to the lateness seen and goes back after a quiet day', () => {
    const state = { ...STATE, startMs: NOW - DAY, watermarkMs: NOW };
    const grown = withLateness(state, LOOKBACK, [NOW - 40 * MINUTE], NOW);
    expect(grown.grownLookback).toEqual({ lookbackMs: 41 * MINUTE, seenAtMs: NOW });
    expect(withLateness(grown, LOOKBACK, [], NOW + DAY).grownLookback).toBeDefined();
    expect(withLateness(grown, LOOKBACK, [], NOW + DAY + 1).grownLookback).toBeUndefined();
  });

  it('stays grown while events keep coming that late', () => {
    const state = { ...STATE, startMs: NOW - DAY, watermarkMs: NOW };
    const grown = withLateness(state, LOOKBACK, [NOW - 40 * MINUTE], NOW);
    const later = withLateness(grown, LOOKBACK, [NOW - 30 * MINUTE], NOW + 20 * HOUR);
    expect(later.grownLookback).toMatchObject({ seenAtMs: NOW + 20 * HOUR });
    expect(later.grownLookback?.lookbackMs).toBeGreaterThanOrEqual(41 * MINUTE);
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

describe('the starts of rules in the state', () => {
  const rules = [rule('order', ['sales'], { sinceMs: NOW - 5 * DAY })];
  const moment = {
    nowMs: NOW,
    stampMs: NOW,
    appStartMs: NOW,
    bandMs: 0,
    watermarkMs: NOW,
    lookbackMs: 15 * MINUTE,
    backfillAtMs: undefined,
  };
  const starts = reconcileStarts(undefined, rules, moment);

  it('a rule with since starts a backfill up to the watermark and seeds nothing when the zone is known', () => {
    const state = withStarts(STATE, APP, starts, 'h', NOW);
    expect(state.backfill).toEqual({ atMs: NOW - 5 * DAY, untilMs: NOW });
    expect(state).toMatchObject({ historyFromMs: NOW - 5 * DAY, seeding: undefined, rulesHash: 'h' });
  });

  it('a start whose writer died before the state knew of it is taken in by the next one', () => {
    const later = withStarts(
      STATE,
      APP,
      reconcileStarts(starts, rules, { ...moment, nowMs: NOW + 1, stampMs: NOW + 1 }),
      'h',
      NOW + 1,
    );
    expect(later.backfill).toEqual({ atMs: NOW - 5 * DAY, untilMs: NOW });
    const again = withStarts({ ...later, backfill: undefined }, APP, starts, 'other', NOW + 2);
    expect(again.backfill).toBeUndefined();
  });

  it('under an unknown zone the first read reaches 26 hours further and seeds', () => {
    const state = withStarts(STATE, { ...APP, timeZoneIsSet: false }, starts, 'h', NOW);
    expect(state.historyFromMs).toBe(NOW - 5 * DAY - 26 * HOUR);
    expect(state.seeding).toEqual({
      sinceMs: NOW,
      atMs: NOW - 5 * DAY - 26 * HOUR,
      untilMs: NOW + 26 * HOUR,
    });
  });
});

describe('when an uneventful poll writes', () => {
  it.for<{ name: string; change: Partial<AppState>; afterMs: number; due: boolean }>([
    {
      name: 'not for marks that moved a little',
      change: { watermarkMs: NOW + MINUTE },
      afterMs: MINUTE,
      due: false,
    },
    {
      name: 'for marks after ten minutes',
      change: { watermarkMs: NOW + MINUTE },
      afterMs: 10 * MINUTE,
      due: true,
    },
    {
      name: 'for a finished tier',
      change: { tiers: { ...STATE.tiers, hourly: { markMs: NOW + 1, atMs: undefined } } },
      afterMs: MINUTE,
      due: true,
    },
    {
      name: 'for a narrower form of bounds',
      change: { accepts: { ...STATE.accepts, future: false } },
      afterMs: MINUTE,
      due: true,
    },
    {
      name: 'not for a longer page seen',
      change: { accepts: { ...STATE.accepts, rowsMax: 9 } },
      afterMs: MINUTE,
      due: false,
    },
  ])('$name: $due', ({ change, afterMs, due }) => {
    expect(isWriteDue(STATE, { ...STATE, ...change }, NOW + afterMs)).toBe(due);
  });

  it('for every change of a failure', () => {
    const failing = withFailure(STATE, { because: 'gone', detail: '', retryAtMs: undefined }, NOW);
    expect(isWriteDue(STATE, failing, NOW + 1)).toBe(true);
    expect(isWriteDue(failing, withoutFailure(failing), NOW + 1)).toBe(true);
  });
});
