import type { App, Rule } from '../domain/alert-config.ts';
import {
  currentAccepts,
  isWriteDue,
  newAppState,
  withDeepFailure,
  withFailure,
  withLateness,
  withoutFailure,
} from '../domain/app-progress.ts';
import type { Accepts, AppState } from '../domain/app-state.ts';
import { withoutTimes } from '../domain/coverage.ts';
import { rulesOf } from '../domain/match.ts';
import { APP_DEADLINE_MS, PAGES_PER_TICK_MAX, WORK_RESERVE_MS } from '../domain/policy.ts';
import { advanceMarks, planReads, type ReadPlan } from '../domain/read-plan.ts';
import { rulesHashOf } from '../domain/rule-starts.ts';
import type { Versioned } from '../ports/ledger.ts';
import { finishOpen, takeAlerts } from './app-turn.ts';
import { bringStartsUpToDate, type FoundAlert, findNewAlerts } from './find-alerts.ts';
import { datesOf, listBeyondLookback, listLostSpan } from './list-losses.ts';
import { type Reading, readWindows } from './read-windows.ts';
import type { Tick } from './tick.ts';

export type PollOutcome = {
  /** How far behind now the app has been read. */
  readonly lagMs: number;
  /** Set after a 429: the whole client is left alone until then. */
  readonly clientWaitsUntilMs: number | undefined;
};

type Loaded = Versioned<AppState>;

/**
 * One app, one tick: finish what an earlier tick left open, read, match, claim, deliver, commit. Every step may
 * be the last one that happens; the next tick goes on from what is written.
 *
 * `mayFetch` is false while the app's client is being left alone: then only open rows are finished.
 */
export async function pollApp(
  tick: Tick,
  app: App,
  loaded: Loaded | undefined,
  mayFetch: boolean,
): Promise<PollOutcome> {
  const nowMs = tick.ports.clock.nowMs();
  const rules = rulesOf(app, tick.rulebook.config.rules);
  if (rules.length === 0 && loaded === undefined) return behindBy(0);

  let current = loaded ?? (await startApp(tick, app, nowMs));
  if (isLeased(current.value, nowMs)) return behindBy(nowMs - current.value.watermarkMs);
  if (hasOpenRows(current)) {
    const finished = await finishOpen(tick, app, current);
    if (finished === undefined) return behindBy(nowMs - current.value.watermarkMs);
    current = finished;
  }
  // What was open under rules that are gone has been finished: it was promised while they stood.
  if (rules.length === 0) return passTime(tick, app, current, nowMs);
  const mayFetchNow = mayFetch && current.value.pollAfterMs <= nowMs;
  if (!mayFetchNow) return behindBy(nowMs - current.value.watermarkMs);
  const started = await underTheseRules(tick, app, rules, current, nowMs);
  if (started === undefined) return behindBy(nowMs - current.value.watermarkMs);
  return readAndTake(tick, app, started, nowMs);
}

/** The state under the rules of this file; undefined if another invocation was faster. */
async function underTheseRules(
  tick: Tick,
  app: App,
  rules: readonly Rule[],
  current: Loaded,
  nowMs: number,
): Promise<Loaded | undefined> {
  if (current.value.rulesHash === rulesHashOf(rules)) return current;
  const swap = await bringStartsUpToDate(tick, app, rules, current, nowMs);
  return swap.kind === 'written' ? swap.now : undefined;
}

/**
 * An app without rules: its starts learn that their rules are gone, and its marks follow the clock, so that a rule added
 * next month does not tell what happened this month.
 */
async function passTime(tick: Tick, app: App, current: Loaded, nowMs: number): Promise<PollOutcome> {
  const started = await underTheseRules(tick, app, [], current, nowMs);
  if (started === undefined) return behindBy(0);
  const watermarkMs = Math.max(started.value.watermarkMs, Math.floor(nowMs / 1000) * 1000);
  const next = { ...started.value, watermarkMs, backfill: undefined };
  if (isWriteDue(started.value, next, nowMs)) {
    await tick.ports.ledger.apps.swap(app.key, started, { ...next, writtenAtMs: nowMs });
  }
  return behindBy(0);
}

async function startApp(tick: Tick, app: App, nowMs: number): Promise<Loaded> {
  const swap = await tick.ports.ledger.apps.swap(app.key, undefined, newAppState(app, nowMs));
  if (swap.now === undefined) throw new Error(`the state of ${app.key} was neither written nor found`);
  if (swap.kind === 'written') tick.ports.telemetry.log('info', 'app started', { app: app.key });
  return swap.now;
}

async function readAndTake(tick: Tick, app: App, current: Loaded, nowMs: number): Promise<PollOutcome> {
  const { config } = tick.rulebook;
  const deadlineMs = Math.min(
    tick.ports.clock.nowMs() + APP_DEADLINE_MS,
    tick.invocation.killAtMs - WORK_RESERVE_MS,
  );
  const plan = planReads(current.value, config.lookback, nowMs);
  const accepts = currentAccepts(current.value, nowMs);
  const reading = await readWindows(tick.ports, app, plan, accepts, {
    pagesMax: PAGES_PER_TICK_MAX,
    deadlineMs,
    nowMs,
  });
  if (reading.pageCount === 0) return behindBy(nowMs - current.value.watermarkMs);
  report(tick, app, accepts, reading);
  const found = await findNewAlerts(tick, app, current.value, reading.events, nowMs);
  await listLostSpan(tick, app, plan);
  await listBeyondLookback(tick, app, current.value, found, nowMs);

  const before = afterReading(current.value, tick, plan, found, reading, nowMs);
  // Marks pass only what has its rows: what could not be claimed in time is read again.
  const commit = (unclaimed: readonly FoundAlert[]): AppState =>
    advanceMarks(before, config.lookback, secured(reading, unclaimed), nowMs);

  const after = commit([]);
  let watermarkMs = after.watermarkMs;
  if (found.length > 0) {
    const taken = await takeAlerts(tick, app, current, before, { found, commit, deadlineMs });
    if (taken === undefined) return behindBy(nowMs - current.value.watermarkMs);
    watermarkMs = taken.value.watermarkMs;
  } else if (isWriteDue(current.value, after, nowMs)) {
    await tick.ports.ledger.apps.swap(app.key, current, { ...after, writtenAtMs: nowMs });
  }
  return {
    lagMs: nowMs - watermarkMs,
    clientWaitsUntilMs: reading.failure?.because === 'rate-limited' ? after.pollAfterMs : undefined,
  };
}

/** The state with everything this reading taught but the marks. */
function afterReading(
  state: AppState,
  tick: Tick,
  plan: ReadPlan,
  found: readonly FoundAlert[],
  reading: Reading,
  nowMs: number,
): AppState {
  const late = withLateness(
    { ...state, accepts: reading.accepts },
    tick.rulebook.config.lookback,
    datesOf(found),
    nowMs,
  );
  if (reading.failure !== undefined) return withFailure(late, reading.failure, nowMs);
  const healthy = withoutFailure(late);
  const askedForThePast = plan.parts.length > 1;
  return askedForThePast ? withDeepFailure(healthy, reading.deepFailure !== undefined, nowMs) : healthy;
}

function secured(reading: Reading, unclaimed: readonly FoundAlert[]): Reading['covered'] {
  const times = unclaimed.map((alert) => alert.row.facts.occurredAtMs);
  // An undated event cannot be placed before or after a mark: nothing moves until it has its row.
  if (times.some((at) => at === undefined)) return [];
  return withoutTimes(
    reading.covered,
    times.filter((at) => at !== undefined),
  );
}

function report(tick: Tick, app: App, accepts: Accepts, reading: Reading): void {
  const { telemetry } = tick.ports;
  telemetry.count('Polls', 1);
  telemetry.count('EventsRead', reading.events.length);
  if (reading.quarantinedCount > 0) {
    telemetry.count('EventsQuarantined', reading.quarantinedCount);
    telemetry.log('warn', 'records that are no events were left out', {
      app: app.key,
      count: reading.quarantinedCount,
    });
  }
  const { future, timeOfDay, halving } = reading.accepts;
  if (future !== accepts.future || timeOfDay !== accepts.timeOfDay || halving !== accepts.halving) {
    telemetry.log('warn', 'the API takes only narrower bounds; asked again tomorrow', {
      app: app.key,
      ...{ future, timeOfDay, halving },
    });
  }
  const failure = reading.failure ?? reading.deepFailure;
  if (failure === undefined) return;
  const what = reading.failure === undefined ? 'the past could not be read' : 'poll failed';
  telemetry.count('PollsFailed', 1);
  if (failure.because === 'unauthorised') telemetry.count('Unauthorised', 1);
  telemetry.log('warn', what, { app: app.key, because: failure.because, detail: failure.detail });
}

function hasOpenRows(loaded: Loaded | undefined): boolean {
  return loaded !== undefined && loaded.value.open.length > 0;
}

function isLeased(state: AppState, nowMs: number): boolean {
  return state.owner !== undefined && state.leaseUntilMs > nowMs;
}

function behindBy(lagMs: number): PollOutcome {
  return { lagMs, clientWaitsUntilMs: undefined };
}
