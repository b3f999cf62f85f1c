import type { FailureReason } from '../../lib/domain/app-state.ts';
import { startFakeSignals } from '../../lib/local/fake-signals/server.ts';
import { signalsClient } from '../../lib/signals/client.ts';
import { staticToken } from '../../lib/signals/credentials.ts';
import { signalsEventSource } from '../../lib/signals/event-source.ts';
import type { FaultKind } from '../simulation/faults.ts';
import type { Parts } from '../simulation/history.ts';
import { describeEventSource, EVENT_AGES_MS, type FreshSource } from './event-source-contract.ts';
import { NOW_MS } from './ledger-values.ts';
import { APP, modelledWorld } from './modelled-world.ts';

/** What the fake server is to do once for each situation. */
const FAULTS = {
  unauthorised: { kind: 'status', status: 401 },
  forbidden: { kind: 'status', status: 403 },
  gone: { kind: 'status', status: 404 },
  'rate-limited': { kind: 'status', status: 429 },
  rejected: { kind: 'status', status: 400 },
  // It is asked twice more.
  unavailable: { kind: 'reset', times: 3 },
  unreadable: { kind: 'html', status: 200 },
} as const satisfies Record<FailureReason, object>;

describeEventSource('the fake Signals API, through the adapter', async () => {
  const clock = { nowMs: () => NOW_MS, sleep: () => Promise.resolve() };
  const server = await startFakeSignals({
    apps: [APP],
    token: 'local',
    port: 0,
    seed: 1,
    now: clock.nowMs,
    traffic: false,
  });
  for (const [index, ageMs] of EVENT_AGES_MS.entries()) {
    const date = new Date(NOW_MS - ageMs).toISOString().slice(0, 19);
    server.inject({ id: `event-${index}`, type: 'keyword', text: 'order', date });
  }
  const client = signalsClient({
    baseUrl: server.url,
    credentials: staticToken(server.token),
    clock,
    attemptTimeoutMs: 5_000,
    retryDelayMs: 1,
  });
  return {
    source: signalsEventSource(client, clock),
    app: APP,
    nowMs: clock.nowMs,
    meets: (because) => {
      if (because !== undefined) server.fault(FAULTS[because]);
    },
    close: () => server.close(),
  };
});

describeEventSource('a modelled API below the adapter', () => modelledSource('adapters'));

describeEventSource('the simulator, as a port', () => modelledSource('ports'));

async function modelledSource(parts: Parts): Promise<FreshSource> {
  const world = await modelledWorld({ parts, startMs: NOW_MS, eventAgesMs: EVENT_AGES_MS });
  return {
    source: world.driven(world.parts.api.sourceOf(world.life)),
    app: APP,
    nowMs: world.simulation.time.nowMs,
    meets: (because) => world.meets(because === undefined ? undefined : kindOf(because)),
    close: world.close,
  };
}

function kindOf(because: FailureReason): FaultKind {
  return `api-${because}`;
}
