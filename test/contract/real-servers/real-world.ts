import { randomUUID } from 'node:crypto';
import { dynamoLedger } from '../../../lib/adapters/dynamodb/ledger.ts';
import { publisherClient } from '../../../lib/adapters/sns/client.ts';
import { snsPublisher } from '../../../lib/adapters/sns/publisher.ts';
import { topicName } from '../../../lib/adapters/sns/topic-name.ts';
import type { AlertConfig } from '../../../lib/domain/alert-config.ts';
import { compileRules } from '../../../lib/domain/match.ts';
import { type Pace, TURN_ROWS_MAX } from '../../../lib/domain/policy.ts';
import { startFakeSignals } from '../../../lib/local/fake-signals/server.ts';
import { startSnsEndpoint } from '../../../lib/local/sns/server.ts';
import { ensureTopics } from '../../../lib/local/topics.ts';
import { signalsClient } from '../../../lib/signals/client.ts';
import { staticToken } from '../../../lib/signals/credentials.ts';
import { signalsEventSource } from '../../../lib/signals/event-source.ts';
import { flushHeld } from '../../../lib/use-cases/flush-held.ts';
import { pollShard } from '../../../lib/use-cases/poll-shard.ts';
import type { Ports } from '../../../lib/use-cases/tick.ts';
import { seededRandom } from '../../simulation/random.ts';
import { startFaultyProxy } from '../faulty-proxy.ts';
import { createTable, localClient } from '../local-table.ts';
import { leapingClock } from './leaping-clock.ts';
import { type FaultCounts, tableFaults } from './seeded-faults.ts';

const MINUTE_MS = 60_000;
const INVOCATION_MS = 50_000;
/** The proxy lets all further requests pass. */
const FAULTY_REQUESTS = 50;
const TOKEN = 'fake-token';
const REGION = 'eu-west-1';
const PACE: Pace = { tickMs: MINUTE_MS, publisherCount: 2, publisherIndex: 0, turnRowsMax: TURN_ROWS_MAX };
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

export type RealWorld = Awaited<ReturnType<typeof startRealWorld>>;

export type RealWorldOptions = {
  readonly tableUrl: string;
  readonly config: AlertConfig;
  readonly seed: number;
  readonly counts: FaultCounts;
};

/** The real use cases and adapters, a fake Signals API over HTTP, an SNS endpoint, and a table behind a faulty proxy. */
export async function startRealWorld({ tableUrl, config, seed, counts }: RealWorldOptions) {
  const clock = leapingClock();
  const apps = config.apps.map(({ client, app, name }) => ({ client, app, name }));
  const now = (): number => clock.nowMs();
  const api = await startFakeSignals({ apps, token: TOKEN, port: 0, now, traffic: false });
  const sns = await startSnsEndpoint({ port: 0, region: REGION, now });
  const snsClient = publisherClient({ region: REGION, endpoint: sns.url, credentials: LOCAL_CREDENTIALS });
  await ensureTopics(snsClient, config);

  const tableName = `real-${randomUUID()}`;
  const direct = localClient(tableUrl);
  await createTable(direct, tableName);
  const proxy = await startFaultyProxy(tableUrl, tableFaults(seededRandom(seed, 1), FAULTY_REQUESTS, counts));
  const faulty = localClient(proxy.endpoint);

  const client = signalsClient({
    baseUrl: api.url,
    credentials: staticToken(TOKEN),
    clock,
    attemptTimeoutMs: 2_000,
    retryDelayMs: 5,
  });
  const topicArnOf = (target: Parameters<typeof topicName>[1]): string =>
    `arn:aws:sns:${REGION}:000000000000:${topicName(config.stack.name, target)}`;
  const ports: Ports = {
    clock,
    source: signalsEventSource(client, clock),
    ledger: dynamoLedger(faulty, tableName, { writeId: randomUUID }),
    publisher: snsPublisher(snsClient, topicArnOf),
    telemetry: { count: () => undefined, log: () => undefined },
  };
  const rulebook = { config, match: compileRules(config.rules) };
  const invocation = () => ({ owner: randomUUID(), killAtMs: clock.nowMs() + INVOCATION_MS });
  const poll = (changed: Partial<Ports> = {}): Promise<void> =>
    pollShard({ ...ports, ...changed }, rulebook, config.apps, PACE, invocation());
  let failedCount = 0;
  const digest = (): Promise<void> => flushHeld(ports, rulebook, PACE, invocation());

  return {
    config,
    api,
    sns,
    random: seededRandom(seed, 2),
    /** Of somebody for whom nothing goes wrong. */
    ledger: dynamoLedger(direct, tableName, { writeId: randomUUID }),
    publisher: ports.publisher,
    poll,
    /** Both functions, once a minute. A tick that fails is made good by the next. */
    ticks: async (count: number): Promise<void> => {
      for (let index = 0; index < count; index += 1) {
        clock.leapTo((Math.floor(clock.nowMs() / MINUTE_MS) + 1) * MINUTE_MS);
        for (const work of [poll, digest]) {
          await work().catch(() => {
            failedCount += 1;
          });
        }
      }
    },
    /** Invocations that ended with an error. */
    failedCount: (): number => failedCount,
    leapMinutes: (minutes: number): void => clock.leapTo(clock.nowMs() + minutes * MINUTE_MS),
    close: async (): Promise<void> => {
      snsClient.destroy();
      faulty.destroy();
      direct.destroy();
      await proxy.close();
      await sns.close();
      await api.close();
    },
  };
}
