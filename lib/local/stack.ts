import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { ledgerClient } from '../adapters/dynamodb/client.ts';
import { dynamoLedger } from '../adapters/dynamodb/ledger.ts';
import { publisherClient } from '../adapters/sns/client.ts';
import { writeCompiledConfig } from '../config/compiled.ts';
import type { AlertConfig } from '../domain/alert-config.ts';
import { cutShards } from '../domain/shards.ts';
import type { Ledger } from '../ports/ledger.ts';
import { releaseDeadLeases } from './dead-leases.ts';
import type { LocalEndpoints } from './endpoints.ts';
import { type FakeSignals, startFakeSignals } from './fake-signals/server.ts';
import { sampleEvent } from './sample-event.ts';
import type { SnsFaults } from './sns/faults.ts';
import type { Inbox } from './sns/inbox.ts';
import { startSnsEndpoint } from './sns/server.ts';
import { ensureTable, startTableServer } from './table.ts';
import type { Handlers } from './ticks.ts';
import { ensureTopics } from './topics.ts';

/** Where each part listens unless the port is taken. */
export const LOCAL_PORTS = { signals: 4360, table: 8360, sns: 9360 } as const;

const REGION = 'eu-west-1';
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const FAKE_TOKEN = 'local-token';

export type LocalStackOptions = {
  readonly config: AlertConfig;
  readonly tickMs: number;
  readonly directory: string | undefined;
  /** A Signals API to poll in place of the fake one, and its token. */
  readonly signals: { readonly url: string; readonly token: string } | undefined;
};

/** Everything the deployed stack consists of, on this machine. */
export type LocalStack = {
  readonly handlers: Handlers;
  readonly shardCount: number;
  readonly inbox: Inbox;
  readonly ledger: Ledger;
  /** Undefined when another Signals API is polled. */
  readonly fake: FakeSignals | undefined;
  readonly ports: Readonly<Record<keyof typeof LOCAL_PORTS, number | undefined>>;
  /** Orders trouble for the next publishes. */
  readonly faults: SnsFaults;
  readonly endpoints: Omit<LocalEndpoints, 'config'>;
  close(): Promise<void>;
};

/** Starts the parts, then loads the very functions that are deployed, with an environment that points at the parts. */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { config, directory } = options;
  const now = (): number => Date.now();
  const table = await startTableServer({ port: LOCAL_PORTS.table, directory });
  const sns = await startSnsEndpoint({ port: LOCAL_PORTS.sns, region: REGION, directory, now });
  const fake =
    options.signals === undefined
      ? await startFakeSignals({
          apps: config.apps,
          firstMatch: sampleEvent(config),
          token: FAKE_TOKEN,
          port: LOCAL_PORTS.signals,
          directory,
          now,
        })
      : undefined;
  const baseUrl = fake?.url ?? options.signals?.url ?? config.signals.baseUrl;
  const tableName = `${config.stack.name}-state`;

  const tableClient = ledgerClient({ region: REGION, endpoint: table.url, credentials: LOCAL_CREDENTIALS });
  const ledger = dynamoLedger(tableClient, tableName, { writeId: () => crypto.randomUUID() });
  await ensureTable(tableClient, tableName);
  await releaseDeadLeases(ledger, config);
  await ensureTopics(
    publisherClient({ region: REGION, endpoint: sns.url, credentials: LOCAL_CREDENTIALS }),
    config,
  );

  const scratch = mkdtempSync(join(tmpdir(), 'signals-alerts-'));
  const configFile = join(scratch, 'alerts.json');
  writeFileSync(configFile, writeCompiledConfig({ ...config, signals: { ...config.signals, baseUrl } }));
  setEnvironment({
    AWS_ENDPOINT_URL_DYNAMODB: table.url,
    AWS_ENDPOINT_URL_SNS: sns.url,
    TABLE_NAME: tableName,
    TOPIC_ARN_PREFIX: `arn:aws:sns:${REGION}:000000000000:${config.stack.name}-`,
    TICK_MS: String(options.tickMs),
    ALERTS_CONFIG_FILE: configFile,
    SIGNALS_TOKEN: fake?.token ?? options.signals?.token ?? '',
    POWERTOOLS_SERVICE_NAME: config.stack.name,
  });
  const { handler: poll } = await import('../../functions/poll.ts');
  const { handler: digest } = await import('../../functions/digest.ts');

  return {
    handlers: { poll, digest } as unknown as Handlers,
    shardCount: cutShards(config.apps).length,
    inbox: sns.inbox,
    faults: sns.faults,
    ledger,
    fake,
    ports: { signals: fake?.port, table: table.port, sns: sns.port },
    endpoints: {
      signals: fake === undefined ? { url: baseUrl } : { url: fake.url, token: fake.token },
      dynamodb: { url: table.url, table: tableName },
      sns: { url: sns.url },
      region: REGION,
    },
    close: async () => {
      await fake?.close();
      await sns.close();
      tableClient.destroy();
      await table.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** What Lambda and the stack would set. */
function setEnvironment(variables: Readonly<Record<string, string>>): void {
  // Nothing of the shell's AWS environment may leak in: a local run never talks to a real account.
  delete process.env['AWS_PROFILE'];
  delete process.env['AWS_SESSION_TOKEN'];
  Object.assign(process.env, {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    POWERTOOLS_METRICS_NAMESPACE: 'SignalsAlerts',
    // The terminal is for people: troubles are told from the app states instead.
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
    ...variables,
  });
}
