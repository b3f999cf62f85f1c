import { randomUUID } from 'node:crypto';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoLedger } from '../../lib/adapters/dynamodb/ledger.ts';
import {
  appItemKey,
  createTableInput,
  failedItemKey,
  heldItemKey,
  leaseItemKey,
  rulesItemKey,
} from '../../lib/adapters/dynamodb/table.ts';
import { appKey } from '../../lib/domain/identity.ts';
import { formatKey, type RowKey } from '../../lib/domain/ledger-row.ts';
import type { Ledger } from '../../lib/ports/ledger.ts';
import {
  APP,
  alertRow,
  appState,
  EMAIL,
  facts,
  NOW_MS,
  RULE_STARTS,
  SENT,
  SMS,
} from '../contract/ledger-values.ts';
import { createTable, type LocalServer, localClient, startDynalite } from '../contract/local-table.ts';

let server: LocalServer;
let tableName: string;
let raw: DynamoDBDocumentClient;
let ledger: Ledger;
let writes = 0;
/** Of what was skipped: its key and why. */
let unreadable: string[] = [];

beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server.close());

beforeEach(async () => {
  const client = localClient(server.endpoint);
  tableName = `items-${randomUUID()}`;
  await createTable(client, tableName);
  raw = DynamoDBDocumentClient.from(client);
  unreadable = [];
  ledger = dynamoLedger(client, tableName, {
    writeId: () => `w-${++writes}`,
    onUnreadable: (key, error) => unreadable.push(`${formatKey(key)}: ${String(error)}`),
  });
  return () => client.destroy();
});

async function stored(key: RowKey): Promise<Record<string, unknown> | undefined> {
  return (await raw.send(new GetCommand({ TableName: tableName, Key: key }))).Item;
}

async function overwrite(key: RowKey, attributes: Record<string, unknown>): Promise<void> {
  const item = { ...(await stored(key)), ...attributes, ...key };
  await raw.send(new PutCommand({ TableName: tableName, Item: item }));
}

describe('the keys of the table', () => {
  const { key } = alertRow('e');
  it.for([
    { name: 'an app', key: appItemKey(APP), is: { pk: 'app#c-123/72822', sk: 'state' } },
    { name: 'its rules', key: rulesItemKey(APP), is: { pk: 'app#c-123/72822', sk: 'rules' } },
    { name: 'a lease', key: leaseItemKey(SMS), is: { pk: 'to#sales/sms', sk: 'lease' } },
    {
      name: 'a held item',
      key: heldItemKey({ untilMs: 5, target: SMS, key }),
      is: { pk: 'held', sk: `0000000000005#sales/sms#app#c-123/72822|${key.sk}` },
    },
    {
      name: 'a failed item',
      key: failedItemKey({ atMs: NOW_MS, target: EMAIL, key }),
      is: { pk: 'failed', sk: `1790000000000#sales/email#app#c-123/72822|${key.sk}` },
    },
  ])('name $name', ({ key: made, is }) => {
    expect(made).toEqual(is);
  });

  it('are two texts, and the table is paid by request', () => {
    expect(createTableInput('signals')).toMatchObject({
      TableName: 'signals',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    });
  });
});

describe('an item as stored', () => {
  it('of an app has its state as attributes, without those that are undefined', async () => {
    await ledger.apps.swap(APP, undefined, appState());
    const item = await stored(appItemKey(APP));
    expect(item).toMatchObject({
      version: 1,
      v: 1,
      w: `w-${writes}`,
      app: APP,
      watermarkMs: NOW_MS,
      open: [],
    });
    expect(item).not.toHaveProperty('failure');
  });

  it('of a row has the time it may go, in seconds, only once it is settled', async () => {
    const { key } = alertRow('e');
    await ledger.rows.claim(alertRow('e'));
    const { facts: event } = alertRow('e');
    const shown = JSON.parse(JSON.stringify(event));
    expect(await stored(key)).toMatchObject({
      version: 1,
      config: 'config-1',
      event: shown,
      claimedAt: NOW_MS,
    });
    expect(await stored(key)).not.toHaveProperty('expiresAt');
    await ledger.rows.record(key, { [EMAIL]: SENT, [SMS]: SENT }, 1_793_000_000);
    expect(await stored(key)).toMatchObject({ expiresAt: 1_793_000_000 });
  });

  it('of a reminder is its key and nothing more', async () => {
    const item = { untilMs: 1, target: EMAIL, key: alertRow('e').key };
    await ledger.held.put(item);
    expect(await stored(heldItemKey(item))).toEqual(heldItemKey(item));
  });

  it('has no half of a character, which no request could carry', async () => {
    const row = alertRow('e', { facts: facts('e', { text: 'cut \ud83d' }) });
    expect(await ledger.rows.claim(row)).toEqual({ kind: 'claimed' });
    const failed = { is: 'failed', because: 'cut \ud83d', atMs: 1 } as const;
    await ledger.rows.record(row.key, { [EMAIL]: failed }, undefined);
    expect((await ledger.rows.read(row.key))?.facts.text).toBe('cut \ufffd');
    expect(await stored(row.key)).toMatchObject({ to: { [EMAIL]: { because: 'cut \ufffd' } } });
  });
});

describe('an item of an unknown shape', () => {
  const { key } = alertRow('e');
  beforeEach(async () => {
    await ledger.apps.swap(APP, undefined, appState());
    await ledger.ruleStarts.swap(APP, undefined, RULE_STARTS);
    await ledger.leases.swap(SMS, undefined, { owner: undefined, leaseUntilMs: 0, notBeforeMs: 0 });
    await ledger.rows.claim(alertRow('e'));
  });

  it.for([
    { name: 'an app of a later version', at: appItemKey(APP), is: { version: 2 } },
    { name: 'an app whose watermark is no number', at: appItemKey(APP), is: { watermarkMs: 'soon' } },
    { name: 'an app whose write id is no text', at: appItemKey(APP), is: { w: 7 } },
    { name: 'rules of a later version', at: rulesItemKey(APP), is: { version: 2 } },
    { name: 'rules that are none', at: rulesItemKey(APP), is: { rules: ['r'] } },
    { name: 'a lease of a later version', at: leaseItemKey(SMS), is: { version: 2 } },
    { name: 'a row of a later version', at: key, is: { version: 2 } },
    { name: 'a row with a target in an unknown state', at: key, is: { to: { [SMS]: { is: 'paused' } } } },
    { name: 'a row for what is no target', at: key, is: { to: { sales: { is: 'open' } } } },
  ])('is an error that names it: $name', async ({ at, is }) => {
    await overwrite(at, is);
    const message = expect.stringContaining(JSON.stringify(`${at.pk}|${at.sk}`));
    const reads: Promise<unknown>[] = {
      state: [ledger.apps.read(APP), ledger.apps.swap(APP, undefined, appState())],
      rules: [ledger.ruleStarts.read(APP)],
      lease: [ledger.leases.read(SMS)],
    }[at.sk] ?? [
      ledger.rows.read(key),
      ledger.rows.lookUp([key]),
      ledger.rows.claim(alertRow('e', { owner: 'x' })),
    ];
    const outcomes = await Promise.allSettled(reads);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { message },
      });
    }
  });

  it('is left out of a batch of app states and reported: the others are read', async () => {
    const other = appKey('c-123', '72823');
    await ledger.apps.swap(other, undefined, appState({ app: other }));
    await overwrite(appItemKey(APP), { watermarkMs: 'soon' });
    expect([...(await ledger.apps.load([APP, other])).keys()]).toEqual([other]);
    expect(unreadable).toEqual([expect.stringMatching(/^app#c-123\/72822\|state: .*watermarkMs/)]);
  });

  it('of an app that then looks new is not written over, and the error names it', async () => {
    await overwrite(appItemKey(APP), { watermarkMs: 'soon' });
    await expect(ledger.apps.swap(APP, undefined, appState())).rejects.toThrow('"app#c-123/72822|state"');
    expect(await stored(appItemKey(APP))).toMatchObject({ watermarkMs: 'soon' });
  });

  it.for([
    '0000000000000later#sales/sms#app#a/b|state',
    '0000000000001#sales/pigeon#app#a/b|state',
    '0000000000001#sales/sms#nokey',
  ])('is left out of a list and reported: %s', async (sk) => {
    const due = { untilMs: 2, target: EMAIL, key };
    const failed = { atMs: 2, target: EMAIL, key, because: 'b' };
    await ledger.held.put(due);
    await ledger.failed.put(failed);
    await overwrite({ pk: 'held', sk }, {});
    await overwrite({ pk: 'failed', sk }, { because: 'b' });
    expect(await ledger.held.listDue(NOW_MS, 10)).toEqual([due]);
    expect(await ledger.failed.list(10)).toEqual([failed]);
    expect(unreadable).toEqual([
      expect.stringContaining(`held|${sk}: `),
      expect.stringContaining(`failed|${sk}: `),
    ]);
  });

  it('is left out of the failed list when it has no reason', async () => {
    await overwrite(failedItemKey({ atMs: 1, target: EMAIL, key }), { because: 7 });
    expect(await ledger.failed.list(10)).toEqual([]);
    expect(unreadable).toHaveLength(1);
  });

  it('is a reminder without a target, though a failed item may have none', async () => {
    const sk = '0000000000001#-#app#a/b|state';
    await overwrite({ pk: 'held', sk }, {});
    expect(await ledger.held.listDue(NOW_MS, 10)).toEqual([]);
    expect(unreadable).toHaveLength(1);
  });

  it.for([
    {
      name: 'a reason to hold',
      to: { [SMS]: { is: 'held', untilMs: 1, because: 'night', unknownCount: 0 } },
    },
    { name: 'a reason to suppress', to: { [SMS]: { is: 'suppressed', because: 'muted', atMs: 1 } } },
    { name: 'a channel', to: { 'sales/pigeon': { is: 'open' } } },
  ])('is not a row of a later release with $name unknown here: it can be rolled back', async ({ to }) => {
    await overwrite(key, { to });
    expect(await ledger.rows.read(key)).toMatchObject({ to });
    expect((await ledger.rows.lookUp([key])).size).toBe(1);
  });

  it('is not an app that failed for a reason unknown here', async () => {
    const failure = { because: 'moved', detail: 'd', sinceMs: 1, count: 1 };
    await overwrite(appItemKey(APP), { failure });
    expect((await ledger.apps.read(APP))?.value.failure).toEqual(failure);
  });

  it('is not one that has an attribute more', async () => {
    await overwrite(key, { note: 'from a later release' });
    expect(await ledger.rows.read(key)).toEqual(alertRow('e'));
  });
});
