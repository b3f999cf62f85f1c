import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, test } from 'vitest';
import { dynamoLedger } from '../../lib/adapters/dynamodb/ledger.ts';
import type { Ledger } from '../../lib/ports/ledger.ts';
import { type Body, type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts';
import { createTable, type LocalServer, localClient, startDynalite } from './local-table.ts';

type World = {
  readonly proxy: FaultyProxy;
  /** Through the proxy. */
  readonly ledger: Ledger;
  /** Of somebody else, whom nothing goes wrong for. */
  readonly other: Ledger;
  /** Bodies of the requests that came to the proxy, in turn. */
  sent(operation: string): readonly Body[];
};

let server: LocalServer;
beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server.close());

/** Tests of a file that imports it get a table of their own, behind a server that misbehaves on demand. */
export const it = test.extend<{ world: World }>({
  world: async ({ task }, use) => {
    const proxy = await startFaultyProxy(server.endpoint);
    const faulty = localClient(proxy.endpoint);
    const direct = localClient(server.endpoint);
    const tableName = `outcomes-${task.id}`;
    await createTable(direct, tableName);
    await use({
      proxy,
      ledger: dynamoLedger(faulty, tableName, { writeId: randomUUID }),
      other: dynamoLedger(direct, tableName, { writeId: randomUUID }),
      sent: (operation) =>
        proxy.requests.filter((request) => request.operation === operation).map(({ body }) => body),
    });
    faulty.destroy();
    direct.destroy();
    await proxy.close();
  },
});
