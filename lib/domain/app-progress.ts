import type { App, Lookback } from './alert-config.ts';
import type { Accepts, AppState, DeepTier, Failure, FailureReason } from './app-state.ts';
import { hash128 } from './identity.ts';
import { DAY_MS, HOUR_MS, LEARNED_MAX_MS, MINUTE_MS, QUIET_WRITE_MS, ZONE_REACH_MS } from './policy.ts';
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
    deepFailure: undefined,
    accepts: freshAccepts(nowMs),
    rulesHash: '',
    rulesAtMs: 0,
    counters: { alerts: 0 },
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

/** What lies between the watermark and where a new start wants to be read from is read once more. */
function widenBackfill(state: AppState, added: readonly RuleStart[]): AppState['backfill'] {
  const earliestMs = Math.min(...added.map((start) => start.readFromMs));
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
  const waitMs = waitAfter(count, failure.because === 'unauthorised' ? 5 : 60);
  const next: Failure = {
    because: failure.because,
    detail: failure.detail,
    sinceMs: state.failure?.sinceMs ?? nowMs,
    count,
  };
  return { ...state, failure: next, pollAfterMs: failure.retryAtMs ?? nowMs + waitMs };
}

/** The first two failures are tried again at once, then the wait doubles. A token is mended by hand: look soon. */
function waitAfter(count: number, minutesMax: number): number {
  return count <= 2 ? 0 : Math.min(2 ** (count - 2), minutesMax) * MINUTE_MS;
}

/** The state after the past was asked for and could not be read, or could. */
export function withDeepFailure(state: AppState, failed: boolean, nowMs: number): AppState {
  if (!failed) return state.deepFailure === undefined ? state : { ...state, deepFailure: undefined };
  const count = (state.deepFailure?.count ?? 0) + 1;
  return { ...state, deepFailure: { count, retryAtMs: nowMs + waitAfter(count, 8) } };
}

/** Nothing is known yet: the widest forms are tried. */
export function freshAccepts(nowMs: number): Accepts {
  return {
    future: true,
    timeOfDay: true,
    halving: true,
    rowsMax: 0,
    spanMaxMs: undefined,
    learnedAtMs: nowMs,
  };
}

/** What is known of the API, unless it is so old that it must be learned anew. */
export function currentAccepts({ accepts }: AppState, nowMs: number): Accepts {
  return nowMs - accepts.learnedAtMs < LEARNED_MAX_MS ? accepts : freshAccepts(nowMs);
}

/** The state after a poll that was answered. */
export function withoutFailure(state: AppState): AppState {
  return state.failure === undefined ? state : { ...state, failure: undefined, pollAfterMs: 0 };
}

/** Event time before which nothing that is found was late: it was there before the app, or is being read back. */
function historyEndMs(state: AppState): number {
  return Math.max(state.startMs, state.backfill?.untilMs ?? 0);
}

/** Dates of new alerts that no tier looks back to: only luck found them, and what was beside them may have been missed. */
export function beyondLookback(
  state: AppState,
  lookback: Lookback,
  newTimesMs: readonly number[],
  nowMs: number,
): readonly number[] {
  const reachMs = Math.min(state.watermarkMs, nowMs) - lookback.dailyMs;
  return newTimesMs.filter((at) => at < reachMs && at >= historyEndMs(state));
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
  const earliestMs = newTimesMs
    .filter((at) => at < anchorMs - lookback.everyTickMs && at >= historyEndMs(state))
    .reduce((earliest, at) => Math.min(earliest, at), Number.POSITIVE_INFINITY);
  if (Number.isFinite(earliestMs)) {
    const latenessMs = Math.min(anchorMs - earliestMs + MINUTE_MS, ZONE_REACH_MS);
    const lookbackMs = Math.max(latenessMs, minuteLookbackMs(state, lookback));
    return { ...state, grownLookback: { lookbackMs, seenAtMs: nowMs } };
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
    before.deepFailure !== after.deepFailure ||
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
