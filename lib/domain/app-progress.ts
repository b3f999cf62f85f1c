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

/** Takes new starts into the state: how far back to look, what to read besides, and what counts as seen before. */
export function withStarts(
  state: AppState,
  app: App,
  change: { readonly starts: RuleStarts; readonly added: readonly RuleStart[]; readonly rulesHash: string },
  nowMs: number,
): AppState {
  const inForce = Object.values(change.starts).filter((start) => start.goneAtMs === undefined);
  const backMs = bandMs(app);
  const historyFromMs = Math.min(...inForce.map((start) => start.fromMs - backMs), nowMs);
  return {
    ...state,
    rulesHash: change.rulesHash,
    historyFromMs,
    backfill: widenBackfill(state, change.added),
    seeding: backMs === 0 ? undefined : widenSeeding(state, change.added, nowMs),
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
    sinceMs: state.seeding?.sinceMs ?? nowMs,
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
