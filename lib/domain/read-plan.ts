import type { Lookback } from './alert-config.ts';
import type { AppState, DeepTier, TierState } from './app-state.ts';
import { readUntil } from './coverage.ts';
import type { Window } from './event.ts';
import { DAY_MS, HISTORY_MAX_MS, HOUR_MS, MINUTE_MS, ZONE_REACH_MS } from './policy.ts';

const TIER_EVERY_MS: Readonly<Record<DeepTier, number>> = { hourly: HOUR_MS, daily: DAY_MS };
const DEEP_TIERS = ['hourly', 'daily'] as const;

/** Marks up to this old are an idle app's, not an outage: one window reads them. */
const CATCH_UP_FROM_MS = 15 * MINUTE_MS;

export type ReadPlan = {
  /** In the order they are read: the newest, the gap an outage left, what deeper tiers and backfills want. */
  readonly parts: readonly Window[];
  /** All parts as one window, to be tried first; undefined where there is one part, or a hole between them. */
  readonly union: Window | undefined;
  /** Event time that no plan will read any more. */
  readonly lost: Window | undefined;
};

type Marks = Pick<
  AppState,
  'watermarkMs' | 'tiers' | 'backfill' | 'grownLookback' | 'historyFromMs' | 'seeding'
>;

type Health = Pick<AppState, 'failure' | 'deepFailure' | 'accepts'>;

/** The lookback of the minute tier: the setting, or the lateness seen lately where that is longer. */
export function minuteLookbackMs(state: Pick<AppState, 'grownLookback'>, lookback: Lookback): number {
  return Math.max(lookback.everyTickMs, state.grownLookback?.lookbackMs ?? 0);
}

/** What this tick should read, newest first, then oldest first. Nothing before the rules' history is read. */
export function planReads(state: Marks & Health, lookback: Lookback, nowMs: number): ReadPlan {
  const backMs = minuteLookbackMs(state, lookback);
  // A clock that stepped back must not make the window start in the future.
  const anchorMs = Math.min(state.watermarkMs, nowMs);
  const floorMs = Math.max(nowMs - HISTORY_MAX_MS, state.historyFromMs);
  const wantedMs = Math.max(anchorMs - backMs, floorMs);

  const behind = isBehind(anchorMs, backMs, nowMs);
  const newestFromMs = behind ? Math.max(nowMs - backMs, floorMs) : Math.min(wantedMs, nowMs);
  const newest: Window = { fromMs: newestFromMs, untilMs: nowMs + ZONE_REACH_MS };
  const gap = behind ? span(Math.max(anchorMs, floorMs), newestFromMs) : undefined;
  const liveFromMs = gap?.fromMs ?? newestFromMs;

  const deepFromMs = Math.min(
    ...DEEP_TIERS.map((tier) => tierFromMs(state.tiers[tier], tierLookbackMs(tier, lookback), tier, nowMs)),
    state.backfill?.atMs ?? Number.POSITIVE_INFINITY,
    state.seeding?.atMs ?? Number.POSITIVE_INFINITY,
    behind ? wantedMs : Number.POSITIVE_INFINITY,
  );
  const deep = span(Math.max(deepFromMs, floorMs), liveFromMs);

  const isResting = state.deepFailure !== undefined && nowMs < state.deepFailure.retryAtMs;
  const past = isResting ? [] : [gap, deep].filter((part) => part !== undefined);
  const lostFromMs = Math.max(anchorMs, state.historyFromMs);
  return {
    parts: [newest, ...past],
    union:
      deep && !gap && mayUnite(state, deep) ? { fromMs: deep.fromMs, untilMs: newest.untilMs } : undefined,
    lost: span(lostFromMs, nowMs - HISTORY_MAX_MS),
  };
}

/** Moves every mark as far as `covered` reaches without a hole. No mark moves back. */
export function advanceMarks<S extends Marks>(
  state: S,
  lookback: Lookback,
  covered: readonly Window[],
  nowMs: number,
): S {
  const floorMs = Math.max(nowMs - HISTORY_MAX_MS, state.historyFromMs);
  const anchorMs = Math.min(state.watermarkMs, nowMs);
  const backMs = minuteLookbackMs(state, lookback);
  // What a crowded lookback costs must not keep a gap from being read: behind, the mark follows the gap alone.
  const firstNeededMs = Math.max(isBehind(anchorMs, backMs, nowMs) ? anchorMs : anchorMs - backMs, floorMs);
  const readMs = readUntil(Math.min(firstNeededMs, nowMs), covered);

  return {
    ...state,
    watermarkMs: Math.max(state.watermarkMs, Math.min(readMs, nowMs)),
    tiers: {
      hourly: advanceTier('hourly', state.tiers.hourly, lookback, covered, floorMs, nowMs),
      daily: advanceTier('daily', state.tiers.daily, lookback, covered, floorMs, nowMs),
    },
    backfill: advanceCursor(state.backfill, covered, floorMs, nowMs),
    seeding: advanceCursor(state.seeding, covered, floorMs, nowMs),
  };
}

function isBehind(anchorMs: number, backMs: number, nowMs: number): boolean {
  return nowMs - anchorMs > Math.max(backMs, CATCH_UP_FROM_MS);
}

/** The newest must not wait for one big answer where answers fail, or where such a big one has failed. */
function mayUnite({ failure, deepFailure, accepts }: Health, deep: Window): boolean {
  const spanMs = deep.untilMs - deep.fromMs;
  return failure === undefined && deepFailure === undefined && spanMs <= (accepts.spanMaxMs ?? spanMs);
}

function tierLookbackMs(tier: DeepTier, lookback: Lookback): number {
  return tier === 'hourly' ? lookback.hourlyMs : lookback.dailyMs;
}

/** Where a tier wants to read from; infinity when it is not due. */
function tierFromMs(state: TierState, lookbackMs: number, tier: DeepTier, nowMs: number): number {
  if (state.atMs !== undefined) return state.atMs;
  return nowMs - state.markMs >= TIER_EVERY_MS[tier]
    ? Math.min(state.markMs, nowMs) - lookbackMs
    : Number.POSITIVE_INFINITY;
}

function advanceTier(
  tier: DeepTier,
  state: TierState,
  lookback: Lookback,
  covered: readonly Window[],
  floorMs: number,
  nowMs: number,
): TierState {
  const fromMs = tierFromMs(state, tierLookbackMs(tier, lookback), tier, nowMs);
  if (fromMs === Number.POSITIVE_INFINITY) return state;
  const startMs = Math.min(Math.max(fromMs, floorMs), nowMs);
  const readMs = readUntil(startMs, covered);
  // A run marks when it began, on its own beat: what appeared behind it while it went on is for the next, and apps
  // that an outage made due together do not stay together.
  const beats = Math.max(0, Math.floor((nowMs - state.markMs) / TIER_EVERY_MS[tier]));
  const markMs = state.atMs === undefined ? state.markMs + beats * TIER_EVERY_MS[tier] : state.markMs;
  if (readMs >= nowMs) return { markMs, atMs: undefined };
  return readMs > startMs ? { markMs, atMs: readMs } : state;
}

/** A cursor walks from `atMs` to `untilMs`, and is gone when it arrives there or in the present. */
function advanceCursor<C extends { readonly atMs: number; readonly untilMs: number }>(
  cursor: C | undefined,
  covered: readonly Window[],
  floorMs: number,
  nowMs: number,
): C | undefined {
  if (cursor === undefined) return undefined;
  const atMs = readUntil(Math.min(Math.max(cursor.atMs, floorMs), nowMs), covered);
  return atMs >= Math.min(cursor.untilMs, nowMs)
    ? undefined
    : { ...cursor, atMs: Math.max(cursor.atMs, atMs) };
}

function span(fromMs: number, untilMs: number): Window | undefined {
  return fromMs < untilMs ? { fromMs, untilMs } : undefined;
}
