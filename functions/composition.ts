import { readFileSync } from 'node:fs';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { systemClock } from '../lib/adapters/clock.ts';
import { ledgerClient } from '../lib/adapters/dynamodb/client.ts';
import { dynamoLedger } from '../lib/adapters/dynamodb/ledger.ts';
import { secretsClient, secretToken } from '../lib/adapters/secrets/secret-token.ts';
import { publisherClient } from '../lib/adapters/sns/client.ts';
import { snsPublisher } from '../lib/adapters/sns/publisher.ts';
import { powertoolsTelemetry } from '../lib/adapters/telemetry/powertools.ts';
import { readCompiledConfig } from '../lib/config/compiled.ts';
import type { App } from '../lib/domain/alert-config.ts';
import { receiverOf } from '../lib/domain/identity.ts';
import { formatKey } from '../lib/domain/ledger-row.ts';
import { compileRules } from '../lib/domain/match.ts';
import { type Pace, TURN_ROWS_MAX } from '../lib/domain/policy.ts';
import { cutShards } from '../lib/domain/shards.ts';
import { signalsClient } from '../lib/signals/client.ts';
import { staticToken } from '../lib/signals/credentials.ts';
import { signalsEventSource } from '../lib/signals/event-source.ts';
import type { Invocation, Ports, Rulebook } from '../lib/use-cases/tick.ts';
import { readEnvironment } from './environment.ts';

/** Longest one request to the Signals API may take. */
const ATTEMPT_TIMEOUT_MS = 8_000;

/** Everything a function works with, made once per cold start. */
export type Composition = {
  readonly ports: Ports;
  readonly rulebook: Rulebook;
  readonly paceOf: (publisherIndex: number) => Pace;
  /** Of the digest among those who publish: the last. */
  readonly digestIndex: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Apps of one shard. @throws Error naming the shards there are. */
  readonly shard: (index: number) => readonly App[];
  readonly invocationOf: (context: Context) => Invocation;
};

/** Reads the environment and the compiled configuration beside the running file; opens no connection. */
export function compose(env: Readonly<Record<string, string | undefined>>, besideUrl: string): Composition {
  const settings = readEnvironment(env);
  const configFile = settings.configFile ?? new URL('./alerts.json', besideUrl);
  const config = readCompiledConfig(readFileSync(configFile, 'utf8'));
  const logger = new Logger();
  const metrics = new Metrics();
  const telemetry = powertoolsTelemetry(logger, metrics);
  const clock = systemClock();
  const shards = cutShards(config.apps, settings.shardAppsMax);
  const credentials =
    settings.signalsToken === undefined
      ? secretToken(secretsClient(), config.signals.credentials, clock)
      : staticToken(settings.signalsToken);
  const client = signalsClient({
    baseUrl: config.signals.baseUrl,
    credentials,
    clock,
    attemptTimeoutMs: ATTEMPT_TIMEOUT_MS,
  });
  return {
    ports: {
      clock,
      source: signalsEventSource(client, clock),
      ledger: dynamoLedger(ledgerClient({ region: settings.region }), settings.tableName, {
        writeId: () => crypto.randomUUID(),
        onUnreadable: (key, error) =>
          telemetry.log('error', 'an item of the table cannot be read', {
            key: formatKey(key),
            error: String(error),
          }),
      }),
      publisher: snsPublisher(publisherClient({ region: settings.region }), (target) => {
        const { receiver, channel } = receiverOf(target);
        return `${settings.topicArnPrefix}${receiver}-${channel}`;
      }),
      telemetry,
    },
    rulebook: { config, match: compileRules(config.rules) },
    paceOf: (publisherIndex) => ({
      publisherIndex,
      tickMs: settings.tickMs,
      publisherCount: shards.length + 1,
      turnRowsMax: TURN_ROWS_MAX,
    }),
    digestIndex: shards.length,
    logger,
    metrics,
    shard: (index) => {
      const shard = shards[index];
      if (shard === undefined)
        throw new Error(`expected a shard from 0 to ${shards.length - 1}, got ${index}`);
      return shard.apps;
    },
    invocationOf: (context) => ({
      owner: context.awsRequestId,
      killAtMs: clock.nowMs() + context.getRemainingTimeInMillis(),
    }),
  };
}
