import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTableCommand, type DynamoDBClient, ResourceInUseException } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { createTableInput } from '../adapters/dynamodb/table.ts';
import { closeServer, listenOnLoopback } from './loopback-http.ts';

/** A running table server. */
export type LocalTable = {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
};

/** Starts the embedded DynamoDB on 127.0.0.1; its tables live in `directory`, or in memory. */
export async function startTableServer(options: {
  readonly port: number;
  readonly directory: string | undefined;
}): Promise<LocalTable> {
  const path = options.directory === undefined ? undefined : join(options.directory, 'table');
  // The server would only find out later, and bring the process down.
  if (path !== undefined) mkdirSync(path, { recursive: true });
  const server = dynalite({
    createTableMs: 0,
    ...(path === undefined ? {} : { path }),
  });
  const port = await listenOnLoopback(server, options.port);
  return { url: `http://127.0.0.1:${port}`, port, close: () => closeServer(server) };
}

/** Makes the table unless an earlier run has. */
export async function ensureTable(client: DynamoDBClient, tableName: string): Promise<void> {
  try {
    await client.send(new CreateTableCommand(createTableInput(tableName)));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}
