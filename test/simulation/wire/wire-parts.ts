import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand } from '@aws-sdk/client-sns';
import { ledgerClient } from '../../../lib/adapters/dynamodb/client.ts';
import { dynamoLedger } from '../../../lib/adapters/dynamodb/ledger.ts';
import { publisherClient } from '../../../lib/adapters/sns/client.ts';
import { snsPublisher } from '../../../lib/adapters/sns/publisher.ts';
import type { Ledger } from '../../../lib/ports/ledger.ts';
import { signalsClient } from '../../../lib/signals/client.ts';
import { staticToken } from '../../../lib/signals/credentials.ts';
import { signalsEventSource } from '../../../lib/signals/event-source.ts';
import { seededRandom } from '../random.ts';
import { type Life, violate } from '../simulation-state.ts';
import type { PartsGiven, WorldParts } from '../world-parts.ts';
import { inContext } from './invocation-context.ts';
import { witnessed } from './ledger-witness.ts';
import { witnessedPublisher, witnessedSource } from './port-witness.ts';
import { clientOver, type SdkWire } from './sdk-handler.ts';
import { signalsWire, TOKEN } from './signals-wire.ts';
import { acceptance } from './sns-replies.ts';
import { topicArnOf } from './sns-request.ts';
import { snsWire } from './sns-wire.ts';
import { emptyTable } from './table.ts';
import { noteWrite, rowOf } from './table-truth.ts';
import { tableWire } from './table-wire.ts';
import { takeOverGlobals } from './virtual-globals.ts';
import { type Effect, noteEffect, type Witness } from './witness.ts';

const TABLE = 'simulated';
const CLIENT = {
  region: 'eu-west-1',
  endpoint: 'http://127.0.0.1:1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};
/** As the functions have it. */
const ATTEMPT_TIMEOUT_MS = 8_000;

/** The real adapters over modelled wires. Takes over the globals of this thread until it is closed. */
export async function wireParts(given: PartsGiven): Promise<WorldParts> {
  const { simulation, history, onPublish } = given;
  const { time } = simulation;
  const ledgers = modelledLedgers(given);
  const sns = snsWire(simulation, onPublish);
  const api = signalsWire(simulation, history);
  const tableClient = await ledgerClientOver(ledgers.wire, time.nowMs);
  const snsClient = await publisherClientOver(sns.wire, time.nowMs);
  const publisher = snsPublisher(snsClient, topicArnOf);
  const close = takeOverGlobals(time, seededRandom(history.seed, 4));
  return {
    ledgerOf: (life) => ledgers.of(life, tableClient),
    publisher: { ...sns, publisherOf: (life) => witnessedPublisher(publisher, life) },
    api: {
      ...api.world,
      sourceOf: (life) => {
        const clock = { nowMs: () => time.nowMs() + life.skewMs, sleep: noSleep };
        const client = signalsClient({
          baseUrl: 'https://api.example.com',
          credentials: staticToken(TOKEN),
          clock,
          fetch: api.fetch,
          attemptTimeoutMs: ATTEMPT_TIMEOUT_MS,
        });
        return witnessedSource(signalsEventSource(client, clock), simulation, life);
      },
    },
    runAs: (life, work) => inContext({ life, notes: [] }, work),
    close,
  };
}

type Client = ReturnType<typeof ledgerClient>;

function modelledLedgers({ simulation, history, truth, onWrite }: PartsGiven): {
  readonly wire: SdkWire;
  readonly of: (life: Life, client: Client) => Ledger;
} {
  const { time } = simulation;
  let writeCount = 0;
  const lastWriteId = (): string => `write-${writeCount}`;
  const table = emptyTable(time.nowMs);
  const effects: Witness['effects'] = new WeakMap<Life, Effect[]>();
  const witness: Witness = { table, simulation, effects, lastWriteId };
  const wire = tableWire({
    simulation,
    table,
    pageItemsMax: history.pageItemsMax ?? Number.MAX_SAFE_INTEGER,
    onRead: ({ life }, key, item) => {
      noteEffect(witness, life, 'read', key, item);
      if (item !== undefined && key.sk.startsWith('alert#'))
        life.inPlay.set(`${key.pk}|${key.sk}`, rowOf(item));
    },
    onWrite: ({ life }, key, before, after) => {
      noteEffect(witness, life, after === undefined ? 'deleted' : 'written', key, after);
      // Put, and so claimed: there was none.
      const isClaim = before === undefined && after !== undefined && key.sk.startsWith('alert#');
      if (isClaim) life.inPlay.set(`${key.pk}|${key.sk}`, rowOf(after));
      const write = noteWrite(truth, { life, key, before, after }, time.nowMs());
      if (write !== undefined) onWrite(write);
    },
  });
  const deps = {
    writeId: () => {
      writeCount += 1;
      return lastWriteId();
    },
    onUnreadable: (_key: unknown, error: unknown) =>
      violate(simulation, 'S9', `an item cannot be read: ${String(error)}`),
  };
  return { wire, of: (life, client) => witnessed(dynamoLedger(client, TABLE, deps), witness, life) };
}

/** The product's client of the table. Its first request, which reads files, is behind it. */
export async function ledgerClientOver(wire: SdkWire, nowMs: () => number): Promise<Client> {
  const client = ledgerClient(CLIENT);
  const first = { status: 200, contentType: 'application/x-amz-json-1.0', body: '{}' };
  const key = { pk: { S: 'first' }, sk: { S: 'first' } };
  await clientOver(client, wire, nowMs, first, () =>
    client.send(new GetItemCommand({ TableName: TABLE, Key: key })),
  );
  return client;
}

/** The product's client of SNS, likewise. */
export async function publisherClientOver(
  wire: SdkWire,
  nowMs: () => number,
): Promise<ReturnType<typeof publisherClient>> {
  const client = publisherClient(CLIENT);
  await clientOver(client, wire, nowMs, acceptance('first'), () =>
    client.send(new PublishCommand({ TopicArn: topicArnOf('first/email'), Message: 'first' })),
  );
  return client;
}

/** No adapter waits by the clock. */
function noSleep(): Promise<void> {
  throw new Error('an adapter sleeps by the clock: let the model know');
}
