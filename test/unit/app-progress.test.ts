import { describe, expect, it } from 'vitest';
import {
  currentAccepts,
  freshAccepts,
  isWriteDue,
  newAppState,
  withDeepFailure,
  withFailure,
  withoutFailure,
  withStarts,
} from '../../lib/domain/app-progress.ts';
import type { AppState } from '../../lib/domain/app-state.ts';
import { reconcileStarts } from '../../lib/domain/rule-starts.ts';
import { appOf, rule } from '../fixtures/alert-config.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 22, 12);
const APP = appOf('c-123', '72822');
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

  it('is not made due by a success when it had not failed', () => {
    const waiting = { ...STATE, pollAfterMs: NOW + MINUTE };
    expect(withoutFailure(waiting)).toBe(waiting);
  });
});

describe('a past that cannot be read', () => {
  it('is asked for again at once after two failures, then after 2, 4, 8 and again 8 minutes', () => {
    let state = STATE;
    const waits: number[] = [];
    for (let count = 1; count <= 6; count += 1) {
      state = withDeepFailure(state, true, NOW);
      waits.push(((state.deepFailure?.retryAtMs ?? 0) - NOW) / MINUTE);
    }
    expect(waits).toEqual([0, 0, 2, 4, 8, 8]);
    expect(state).toEqual({ ...STATE, deepFailure: { count: 6, retryAtMs: NOW + 8 * MINUTE } });
  });

  it('is forgotten once it was read, and nothing changes where it could be all along', () => {
    expect(withDeepFailure(withDeepFailure(STATE, true, NOW), false, NOW)).toEqual(STATE);
    expect(withDeepFailure(STATE, false, NOW)).toBe(STATE);
  });
});

describe('what was learned of an API', () => {
  it('holds for a day and is then learned anew', () => {
    const accepts = { ...freshAccepts(NOW), future: false, rowsMax: 1_000 };
    const state = { ...STATE, accepts };
    expect(currentAccepts(state, NOW + DAY - 1)).toBe(accepts);
    expect(currentAccepts(state, NOW + DAY)).toEqual(freshAccepts(NOW + DAY));
  });
});

describe('a new app', () => {
  it('has its first hourly and daily reading somewhere in the hour and day to come, not together with others', () => {
    const states = Array.from({ length: 200 }, (_, app) => newAppState(appOf('c-123', `${app}`), NOW));
    for (const [tier, period] of [
      ['hourly', HOUR],
      ['daily', DAY],
    ] as const) {
      const ages = states.map((state) => NOW - state.tiers[tier].markMs);
      expect(Math.min(...ages)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...ages)).toBeLessThanOrEqual(period);
      const early = ages.filter((age) => age < period / 2).length;
      expect(early).toBeGreaterThan(60);
      expect(early).toBeLessThan(140);
    }
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

  it('a rule from now on starts no backfill, and one that is gone is not counted', () => {
    const [now] = Object.values(reconcileStarts(undefined, [rule('order', ['sales'])], moment));
    const [since] = Object.values(starts);
    if (now === undefined || since === undefined) throw new Error('expected two starts');
    const state = withStarts(STATE, APP, { now, gone: { ...since, goneAtMs: NOW } }, 'h', NOW);
    expect(state).toMatchObject({ backfill: undefined, historyFromMs: NOW });
  });

  it('what several rules want to be read is read from the earliest on, together with what is being read', () => {
    const [since] = Object.values(starts);
    if (since === undefined) throw new Error('expected a start');
    const at = (days: number, addedAtMs: number) => {
      const fromMs = NOW - days * DAY;
      return { ...since, fromMs, readFromMs: fromMs, addedAtMs };
    };
    const two = { a: at(2, NOW), b: at(5, NOW + 7) };
    const unknown = { ...APP, timeZoneIsSet: false };
    expect(withStarts(STATE, unknown, two, 'h', NOW)).toMatchObject({
      backfill: { atMs: NOW - 5 * DAY, untilMs: NOW },
      seeding: { sinceMs: NOW, atMs: NOW - 5 * DAY - 26 * HOUR },
      rulesAtMs: NOW + 7,
    });
    const running = {
      ...STATE,
      backfill: { atMs: NOW - 9 * DAY, untilMs: NOW - DAY },
      seeding: { sinceMs: NOW - 1, atMs: NOW - 12 * DAY, untilMs: NOW },
    };
    expect(withStarts(running, unknown, two, 'h', NOW)).toMatchObject({
      backfill: { atMs: NOW - 9 * DAY, untilMs: NOW },
      seeding: { sinceMs: NOW - 1, atMs: NOW - 12 * DAY, untilMs: NOW + 26 * HOUR },
    });
    expect(withStarts({ ...running, rulesAtMs: NOW + 7 }, unknown, two, 'h', NOW)).toMatchObject({
      backfill: running.backfill,
      seeding: running.seeding,
    });
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
    { name: 'for other rules', change: { rulesHash: 'h' }, afterMs: MINUTE, due: true },
    {
      name: 'for a past that cannot be read',
      change: { deepFailure: { count: 1, retryAtMs: NOW } },
      afterMs: MINUTE,
      due: true,
    },
    {
      name: 'for a lookback that grew',
      change: { grownLookback: { lookbackMs: HOUR, seenAtMs: NOW } },
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
