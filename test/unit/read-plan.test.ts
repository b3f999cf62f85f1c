import { describe, expect, it } from 'vitest';
import type { Lookback } from '../../lib/domain/alert-config.ts';
import { freshAccepts, newAppState } from '../../lib/domain/app-progress.ts';
import type { AppState } from '../../lib/domain/app-state.ts';
import { advanceMarks, planReads } from '../../lib/domain/read-plan.ts';
import { appOf } from '../fixtures/alert-config.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 22, 12);
const REACH = NOW + 26 * HOUR;
const LOOKBACK: Lookback = { everyTickMs: 15 * MINUTE, hourlyMs: 24 * HOUR, dailyMs: 7 * DAY };

const HOURLY_DUE = {
  tiers: { hourly: { markMs: NOW - HOUR, atMs: undefined }, daily: { markMs: NOW, atMs: undefined } },
};

function stateAt(changes: Partial<AppState>): AppState {
  const fresh = newAppState(appOf('c-123', '72822'), NOW - 60 * DAY);
  const tiers = { hourly: { markMs: NOW, atMs: undefined }, daily: { markMs: NOW, atMs: undefined } };
  return { ...fresh, watermarkMs: NOW - MINUTE, tiers, ...changes };
}

describe('what a tick reads', () => {
  it.for<{
    name: string;
    state: Partial<AppState>;
    lookback?: Lookback;
    parts: [number, number][];
    union?: [number, number];
  }>([
    {
      name: 'is one window from a lookback before the watermark to beyond every zone',
      state: {},
      parts: [[NOW - 16 * MINUTE, REACH]],
    },
    {
      name: 'stays one window while an idle app has not written its mark for ten minutes',
      state: { watermarkMs: NOW - 10 * MINUTE },
      parts: [[NOW - 25 * MINUTE, REACH]],
    },
    {
      name: 'stays one window while its mark is fifteen minutes old, however short the lookback',
      state: { watermarkMs: NOW - 15 * MINUTE },
      lookback: { ...LOOKBACK, everyTickMs: MINUTE },
      parts: [[NOW - 16 * MINUTE, REACH]],
    },
    {
      name: 'is in two parts when its mark is older than that',
      state: { watermarkMs: NOW - 15 * MINUTE - 1 },
      lookback: { ...LOOKBACK, everyTickMs: MINUTE },
      parts: [
        [NOW - MINUTE, REACH],
        [NOW - 15 * MINUTE - 1, NOW - MINUTE],
        [NOW - 16 * MINUTE - 1, NOW - 15 * MINUTE - 1],
      ],
    },
    {
      name: 'leaves out the past while that rests after failures',
      state: { ...HOURLY_DUE, deepFailure: { count: 3, retryAtMs: NOW + 1 } },
      parts: [[NOW - 16 * MINUTE, REACH]],
    },
    {
      name: 'takes in the past again when its rest is over, apart from the newest',
      state: { ...HOURLY_DUE, deepFailure: { count: 3, retryAtMs: NOW } },
      parts: [
        [NOW - 16 * MINUTE, REACH],
        [NOW - 25 * HOUR, NOW - 16 * MINUTE],
      ],
    },
    {
      name: 'is not tried as one window by an app that fails',
      state: { ...HOURLY_DUE, failure: { because: 'unavailable', detail: '', sinceMs: NOW, count: 1 } },
      parts: [
        [NOW - 16 * MINUTE, REACH],
        [NOW - 25 * HOUR, NOW - 16 * MINUTE],
      ],
    },
    {
      name: 'is not tried as one window when a part of that length was too much before',
      state: { ...HOURLY_DUE, accepts: { ...freshAccepts(NOW), spanMaxMs: 25 * HOUR - 16 * MINUTE - 1 } },
      parts: [
        [NOW - 16 * MINUTE, REACH],
        [NOW - 25 * HOUR, NOW - 16 * MINUTE],
      ],
    },
    {
      name: 'is tried as one window when a part of that length was not too much',
      state: { ...HOURLY_DUE, accepts: { ...freshAccepts(NOW), spanMaxMs: 25 * HOUR - 16 * MINUTE } },
      parts: [
        [NOW - 16 * MINUTE, REACH],
        [NOW - 25 * HOUR, NOW - 16 * MINUTE],
      ],
      union: [NOW - 25 * HOUR, REACH],
    },
    {
      name: 'never starts in the future when the clock stepped back',
      state: { watermarkMs: NOW + HOUR },
      parts: [[NOW - 15 * MINUTE, REACH]],
    },
    {
      name: 'is the newest first, then the gap after an outage, then the lookback before the gap',
      state: { watermarkMs: NOW - DAY },
      parts: [
        [NOW - 15 * MINUTE, REACH],
        [NOW - DAY, NOW - 15 * MINUTE],
        [NOW - DAY - 15 * MINUTE, NOW - DAY],
      ],
    },
    {
      name: 'is tried as one wide window when a tier is due and there is no gap',
      state: {
        tiers: { hourly: { markMs: NOW - HOUR, atMs: undefined }, daily: { markMs: NOW, atMs: undefined } },
      },
      parts: [
        [NOW - 16 * MINUTE, REACH],
        [NOW - 25 * HOUR, NOW - 16 * MINUTE],
      ],
      union: [NOW - 25 * HOUR, REACH],
    },
    {
      name: 'goes on from the cursor of a tier that was too long for one tick',
      state: {
        tiers: {
          hourly: { markMs: NOW, atMs: undefined },
          daily: { markMs: NOW - DAY, atMs: NOW - 3 * DAY },
        },
      },
      parts: [
        [NOW - 16 * MINUTE, REACH],
        [NOW - 3 * DAY, NOW - 16 * MINUTE],
      ],
      union: [NOW - 3 * DAY, REACH],
    },
    {
      name: 'reads nothing before the history of the rules',
      state: {
        historyFromMs: NOW - 5 * MINUTE,
        tiers: { hourly: { markMs: 0, atMs: undefined }, daily: { markMs: 0, atMs: undefined } },
      },
      parts: [[NOW - 5 * MINUTE, REACH]],
    },
    {
      name: 'reads at most 28 days back',
      state: { watermarkMs: NOW - 40 * DAY },
      parts: [
        [NOW - 15 * MINUTE, REACH],
        [NOW - 28 * DAY, NOW - 15 * MINUTE],
      ],
    },
    {
      name: 'looks as far back as lateness was seen lately',
      state: { grownLookback: { lookbackMs: 3 * HOUR, seenAtMs: NOW } },
      parts: [[NOW - MINUTE - 3 * HOUR, REACH]],
    },
  ])('$name', ({ state, lookback = LOOKBACK, parts, union }) => {
    const plan = planReads(stateAt({ historyFromMs: NOW - 60 * DAY, ...state }), lookback, NOW);
    expect(plan.parts.map((part) => [part.fromMs, part.untilMs])).toEqual(parts);
    expect(plan.union && [plan.union.fromMs, plan.union.untilMs]).toEqual(union);
  });

  it('names the time that no plan will read any more', () => {
    const state = stateAt({ historyFromMs: NOW - 60 * DAY, watermarkMs: NOW - 40 * DAY });
    expect(planReads(state, LOOKBACK, NOW).lost).toEqual({ fromMs: NOW - 40 * DAY, untilMs: NOW - 28 * DAY });
    expect(planReads(stateAt({ historyFromMs: NOW - 60 * DAY }), LOOKBACK, NOW).lost).toBeUndefined();
  });
});

describe('what a reading moves', () => {
  const behind = stateAt({ historyFromMs: NOW - 60 * DAY, watermarkMs: NOW - DAY });
  it.for<{ name: string; covered: [number, number][]; watermark: number }>([
    {
      name: 'the watermark stays while a gap before the newest window is unread',
      covered: [[NOW - 15 * MINUTE, REACH]],
      watermark: NOW - DAY,
    },
    {
      name: 'the watermark follows the gap as far as it was read',
      covered: [[NOW - DAY - 15 * MINUTE, NOW - 20 * HOUR]],
      watermark: NOW - 20 * HOUR,
    },
    {
      name: 'the watermark passes a gap though the lookback before it is too crowded to be read',
      covered: [[NOW - DAY, REACH]],
      watermark: NOW,
    },
    {
      name: 'the watermark comes to now, and never to the future, when all is read',
      covered: [
        [NOW - 15 * MINUTE, REACH],
        [NOW - DAY - 15 * MINUTE, NOW - 15 * MINUTE],
      ],
      watermark: NOW,
    },
    { name: 'nothing moves when nothing was read', covered: [], watermark: NOW - DAY },
  ])('$name', ({ covered, watermark }) => {
    const windows = covered.map(([fromMs, untilMs]) => ({ fromMs, untilMs }));
    expect(advanceMarks(behind, LOOKBACK, windows, NOW).watermarkMs).toBe(watermark);
  });

  it('keeps the watermark of an app that is not behind while its lookback was not read', () => {
    const live = stateAt({ historyFromMs: NOW - 60 * DAY, watermarkMs: NOW - 5 * MINUTE });
    const covered = [{ fromMs: NOW - 6 * MINUTE, untilMs: REACH }];
    expect(advanceMarks(live, LOOKBACK, covered, NOW).watermarkMs).toBe(NOW - 5 * MINUTE);
  });

  it('keeps a cursor where a tier was interrupted and a mark where it was finished', () => {
    const due = stateAt({
      historyFromMs: NOW - 60 * DAY,
      tiers: {
        hourly: { markMs: NOW - HOUR, atMs: undefined },
        daily: { markMs: NOW - DAY, atMs: undefined },
      },
    });
    const covered = [{ fromMs: NOW - 25 * HOUR, untilMs: REACH }];
    const { tiers } = advanceMarks(due, LOOKBACK, covered, NOW);
    expect(tiers.hourly).toEqual({ markMs: NOW, atMs: undefined });
    expect(tiers.daily).toEqual({ markMs: NOW - DAY, atMs: undefined });

    const partly = advanceMarks(due, LOOKBACK, [{ fromMs: NOW - 8 * DAY, untilMs: NOW - 5 * DAY }], NOW);
    expect(partly.tiers.daily).toEqual({ markMs: NOW, atMs: NOW - 5 * DAY });
  });

  it('marks a run of several ticks by its beginning, so that the next reads what appeared behind it', () => {
    const tiers = {
      hourly: { markMs: NOW, atMs: undefined },
      daily: { markMs: NOW - HOUR, atMs: NOW - 5 * DAY },
    };
    const running = stateAt({ historyFromMs: NOW - 60 * DAY, tiers });
    const covered = [{ fromMs: NOW - 5 * DAY, untilMs: REACH }];
    expect(advanceMarks(running, LOOKBACK, covered, NOW).tiers.daily).toEqual({
      markMs: NOW - HOUR,
      atMs: undefined,
    });
  });

  it('marks a run that took longer than its period by its beginning all the same: the next is due at once', () => {
    const tiers = {
      hourly: { markMs: NOW, atMs: undefined },
      daily: { markMs: NOW - 2 * DAY, atMs: NOW - 5 * DAY },
    };
    const running = stateAt({ historyFromMs: NOW - 60 * DAY, tiers });
    const covered = [{ fromMs: NOW - 5 * DAY, untilMs: REACH }];
    expect(advanceMarks(running, LOOKBACK, covered, NOW).tiers.daily.markMs).toBe(NOW - 2 * DAY);
  });

  it('leaves a tier alone that was not due', () => {
    const early = {
      hourly: { markMs: NOW - HOUR + 1, atMs: undefined },
      daily: { markMs: NOW + HOUR, atMs: undefined },
    };
    const state = stateAt({ historyFromMs: NOW - 60 * DAY, tiers: early });
    const covered = [{ fromMs: NOW - 9 * DAY, untilMs: REACH }];
    expect(advanceMarks(state, LOOKBACK, covered, NOW).tiers).toEqual(early);
  });

  it('never moves a watermark back that lies ahead, because a clock stepped back', () => {
    const ahead = stateAt({ historyFromMs: NOW - 60 * DAY, watermarkMs: NOW + HOUR });
    const covered = [{ fromMs: NOW - HOUR, untilMs: REACH }];
    expect(advanceMarks(ahead, LOOKBACK, covered, NOW).watermarkMs).toBe(NOW + HOUR);
    expect(advanceMarks(ahead, LOOKBACK, [], NOW).watermarkMs).toBe(NOW + HOUR);
  });

  it('ends a backfill when it has arrived where it was to end', () => {
    const state = stateAt({
      historyFromMs: NOW - 20 * DAY,
      backfill: { atMs: NOW - 10 * DAY, untilMs: NOW - DAY },
    });
    const half = advanceMarks(state, LOOKBACK, [{ fromMs: NOW - 10 * DAY, untilMs: NOW - 5 * DAY }], NOW);
    expect(half.backfill).toEqual({ atMs: NOW - 5 * DAY, untilMs: NOW - DAY });
    const done = advanceMarks(half, LOOKBACK, [{ fromMs: NOW - 5 * DAY, untilMs: NOW - DAY }], NOW);
    expect(done.backfill).toBeUndefined();
  });
});
