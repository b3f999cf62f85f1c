import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { dynamoLedger } from '../../lib/adapters/dynamodb/ledger.ts';
import { memoryLedger } from '../../lib/adapters/memory/ledger.ts';
import { describeLedger } from './ledger-contract.ts';
import { createTable, type LocalServer, localClient, startDynalite } from './local-table.ts';

describeLedger('memory', async () => ({ ledger: memoryLedger(), close: async () => {} }));

let server: LocalServer;
beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server.close());

describeLedger('DynamoDB', async () => {
  const client = localClient(server.endpoint);
  const tableName = `ledger-${randomUUID()}`;
  await createTable(client, tableName);
  return {
    ledger: dynamoLedger(client, tableName, { writeId: randomUUID }),
    close: async () => client.destroy(),
  };
});
