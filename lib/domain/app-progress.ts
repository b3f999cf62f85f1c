import type { App, Lookback } from './alert-config.ts';
import type { AppState, DeepTier, Failure, FailureReason } from './app-state.ts';
import { hash128 } from './identity.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, QUIET_WRITE_MS, ZONE_REACH_MS } from './policy.ts';
import { minuteLookbackMs } from './read-plan.ts';
import { bandMs, type RuleStart, type RuleStarts } from './rule-starts.ts';

/** The state of an app nobody has polled yet: it looks forward from now, on the whole second that events are dated by. */
export function newAppState(app: App, nowMs: number): AppState {
  const startMs = Math.floor(nowMs / 1000) * 1000;
  return {
    app: app.key,
    startMs,
    watermarkMs: startMs,
    tiers: { hourly: freshTier(app, HOUR_MS, nowMs), daily: freshTier(app, DAY_MS, nowMs) },
    backfill: undefined,
    grownLookback: undefined,
    historyFromMs: startMs,
    seeding: undefined,
    pollAfterMs: 0,
    failure: undefined,
    accepts: { future: true, timeOfDay: true, halving: true, rowsMax: 0 },
    rulesHash: '',
    rulesAtMs: 0,
    counters: { alerts: 0, lastEventMs: undefined },
    owner: undefined,
    leaseUntilMs: 0,
    open: [],
    writtenAtMs: nowMs,
  };
}

/** A first mark somewhere in the past period, by the app's name: thousands of apps do not come due together. */
function freshTier(app: App, everyMs: number, nowMs: number): AppState['tiers'][DeepTier] {
  const spread = Number.parseInt(hash128(app.key).slice(0, 8), 16) / 0x1_0000_0000;
  return { markMs: nowMs - Math.floor(spread * everyMs), atMs: undefined };
}

/**
 * Takes new starts into the state: how far back to look, what to read besides, and what counts as seen before. What is
 * new is told by when it was added, not by who added it: the one who wrote the starts may have died right after.
 */
export function withStarts(
  state: AppState,
  app: App,
  starts: RuleStarts,
  rulesHash: string,
  nowMs: number,
): AppState {
  const inForce = Object.values(starts).filter((start) => start.goneAtMs === undefined);
  const added = inForce.filter((start) => start.addedAtMs > state.rulesAtMs);
  const backMs = bandMs(app);
  return {
    ...state,
    rulesHash,
    rulesAtMs: Math.max(state.rulesAtMs, ...added.map((start) => start.addedAtMs)),
    historyFromMs: Math.min(...inForce.map((start) => start.fromMs - backMs), nowMs),
    backfill: widenBackfill(state, added),
    seeding: backMs === 0 ? undefined : widenSeeding(state, added, nowMs),
  };
}

/** A start before the watermark wants the time between them read once more. */
function widenBackfill(state: AppState, added: readonly RuleStart[]): AppState['backfill'] {
  const earliestMs = Math.min(...added.map((start) => start.fromMs));
  if (!(earliestMs < state.watermarkMs)) return state.backfill;
  return {
    atMs: Math.min(earliestMs, state.backfill?.atMs ?? earliestMs),
    untilMs: Math.max(state.watermarkMs, state.backfill?.untilMs ?? 0),
  };
}

function widenSeeding(state: AppState, added: readonly RuleStart[], nowMs: number): AppState['seeding'] {
  if (added.length === 0) return state.seeding;
  const earliestMs = Math.min(...added.map((start) => start.fromMs)) - ZONE_REACH_MS;
  return {
    sinceMs: state.seeding?.sinceMs ?? Math.min(...added.map((start) => start.addedAtMs)),
    atMs: Math.min(earliestMs, state.seeding?.atMs ?? earliestMs),
    untilMs: nowMs + ZONE_REACH_MS,
  };
}

/** The state after a poll that failed: the first two failures leave it due at once, then waits double to an hour. */
export function withFailure(
  state: AppState,
  failure: {
    readonly because: FailureReason;
    readonly detail: string;
    readonly retryAtMs: number | undefined;
  },
  nowMs: number,
): AppState {
  const count = (state.failure?.count ?? 0) + 1;
  const waitMs = count <= 2 ? 0 : Math.min(2 ** (count - 2), 60) * MINUTE_MS;
  const next: Failure = {
    because: failure.because,
    detail: failure.detail,
    sinceMs: state.failure?.sinceMs ?? nowMs,
    count,
  };
  return { ...state, failure: next, pollAfterMs: failure.retryAtMs ?? nowMs + waitMs };
}

export function withoutFailure(state: AppState): AppState {
  return state.failure === undefined ? state : { ...state, failure: undefined, pollAfterMs: 0 };
}

/**
 * Lets the minute tier look further back when deeper tiers find what it should have seen, and no further than
 * it must once a day has passed without.
 */
export function withLateness(
  state: AppState,
  lookback: Lookback,
  newTimesMs: readonly number[],
  nowMs: number,
): AppState {
  const anchorMs = Math.min(state.watermarkMs, nowMs);
  const historyEndMs = Math.max(state.startMs, state.backfill?.untilMs ?? 0);
  const missed = newTimesMs.filter(
    (at) => at < anchorMs - minuteLookbackMs(state, lookback) && at >= historyEndMs,
  );
  if (missed.length > 0) {
    const latenessMs = anchorMs - Math.min(...missed) + MINUTE_MS;
    return { ...state, grownLookback: { lookbackMs: Math.min(latenessMs, ZONE_REACH_MS), seenAtMs: nowMs } };
  }
  const { grownLookback } = state;
  return grownLookback !== undefined && nowMs - grownLookback.seenAtMs > DAY_MS
    ? { ...state, grownLookback: undefined }
    : state;
}

/** Whether a poll that found nothing must write its state all the same. */
export function isWriteDue(before: AppState, after: AppState, nowMs: number): boolean {
  return (
    nowMs - before.writtenAtMs >= QUIET_WRITE_MS ||
    before.failure !== after.failure ||
    before.rulesHash !== after.rulesHash ||
    before.grownLookback !== after.grownLookback ||
    JSON.stringify([before.tiers, before.backfill, before.seeding]) !==
      JSON.stringify([after.tiers, after.backfill, after.seeding]) ||
    narrowed(before) !== narrowed(after)
  );
}

function narrowed({ accepts }: AppState): string {
  return [accepts.future, accepts.timeOfDay, accepts.halving].join();
}
