import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { dynamoLedger } from '../../../lib/adapters/dynamodb/ledger.ts';
import { describeLedger } from '../../contract/ledger-contract.ts';
import { createTable, localClient } from '../../contract/local-table.ts';
import { type DynamoDbLocal, startDynamoDbLocal } from './dynamodb-local.ts';

let server: DynamoDbLocal;
beforeAll(async () => {
  server = await startDynamoDbLocal();
});
afterAll(() => server?.close());

describeLedger('DynamoDB Local', async () => {
  const client = localClient(server.endpoint);
  const tableName = `ledger-${randomUUID()}`;
  await createTable(client, tableName);
  return {
    ledger: dynamoLedger(client, tableName, { writeId: randomUUID }),
    close: async () => client.destroy(),
  };
});
