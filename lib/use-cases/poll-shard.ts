import pLimit from 'p-limit';
import type { App } from '../domain/alert-config.ts';
import type { AppState } from '../domain/app-state.ts';
import {
  FAILING_REQUESTS_MAX,
  MINUTE_MS,
  type Pace,
  PUBLISH_RESERVE_MS,
  REQUESTS_MAX,
  slotsOf,
  WORK_RESERVE_MS,
} from '../domain/policy.ts';
import type { Versioned } from '../ports/ledger.ts';
import { pollApp } from './poll-app.ts';
import { pacedSender } from './sender.ts';
import type { Invocation, Ports, Rulebook, Tick } from './tick.ts';

type States = ReadonlyMap<string, Versioned<AppState>>;

/**
 * One tick of one shard: every app, concurrently, each by itself. An app that fails is an app state, not an
 * exception; only when the state of an app cannot be written does the tick fail, after the others are done.
 *
 * @throws AggregateError of what went wrong while reading or writing the ledger.
 */
export async function pollShard(
  ports: Ports,
  rulebook: Rulebook,
  apps: readonly App[],
  pace: Pace,
  invocation: Invocation,
): Promise<void> {
  const tick = startTick(ports, rulebook, pace, invocation);
  const nowMs = ports.clock.nowMs();
  const states: States = await ports.ledger.apps.load(apps.map((app) => app.key));
  const clientWaits = waitsOfClients(apps, states, nowMs);
  const lags: number[] = [];
  const errors: unknown[] = [];

  const requests = pLimit(REQUESTS_MAX);
  const failingRequests = pLimit(FAILING_REQUESTS_MAX);
  const pollOne = async (app: App): Promise<void> => {
    if (ports.clock.nowMs() >= invocation.killAtMs - WORK_RESERVE_MS) {
      lags.push(nowMs - (states.get(app.key)?.value.watermarkMs ?? nowMs));
      return;
    }
    try {
      const mayFetch = (clientWaits.get(app.client) ?? 0) <= nowMs;
      const outcome = await pollApp(tick, app, states.get(app.key), mayFetch);
      lags.push(outcome.lagMs);
      if (outcome.clientWaitsUntilMs !== undefined) clientWaits.set(app.client, outcome.clientWaitsUntilMs);
    } catch (error) {
      errors.push(error);
      ports.telemetry.log('error', 'the tick of an app failed', { app: app.key, error: String(error) });
    }
  };
  const [healthy, failing] = inOrder(apps, states, nowMs);
  await Promise.all([
    ...healthy.map((app) => requests(() => pollOne(app))),
    // Failing apps stand behind the healthy ones and never hold more than their share of the requests.
    ...failing.map((app) => failingRequests(() => requests(() => pollOne(app)))),
  ]);
  ports.telemetry.count('LagMs', Math.max(0, ...lags));
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} of ${apps.length} apps failed`);
}

/** What the apps or targets of one invocation share. */
export function startTick(ports: Ports, rulebook: Rulebook, pace: Pace, invocation: Invocation): Tick {
  const sender = pacedSender(ports, {
    ...slotsOf(pace),
    untilMs: invocation.killAtMs - PUBLISH_RESERVE_MS,
  });
  return { ports, rulebook, pace, invocation, tally: new Map(), sender, reservations: new Map() };
}

/** A 429 of one app concerns all apps of its client. */
function waitsOfClients(apps: readonly App[], states: States, nowMs: number): Map<string, number> {
  const waits = new Map<string, number>();
  for (const app of apps) {
    const state = states.get(app.key)?.value;
    if (state?.failure?.because !== 'rate-limited' || state.pollAfterMs <= nowMs) continue;
    waits.set(app.client, Math.max(state.pollAfterMs, waits.get(app.client) ?? 0));
  }
  return waits;
}

/** Healthy and failing apps, each with the one furthest behind first and a start that rotates by the minute. */
function inOrder(apps: readonly App[], states: States, nowMs: number): [App[], App[]] {
  const turn = apps.length === 0 ? 0 : Math.floor(nowMs / MINUTE_MS) % apps.length;
  const minuteOf = (app: App): number =>
    Math.floor((states.get(app.key)?.value.watermarkMs ?? 0) / MINUTE_MS);
  const ordered = [...apps.slice(turn), ...apps.slice(0, turn)].sort((a, b) => minuteOf(a) - minuteOf(b));
  const isFailing = (app: App): boolean => states.get(app.key)?.value.failure !== undefined;
  return [ordered.filter((app) => !isFailing(app)), ordered.filter(isFailing)];
}
