import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import pRetry from 'p-retry';
import { formatKey, type RowKey } from '../../domain/ledger-row.ts';
import type { Item, TableAccess } from './item.ts';

/** What one request takes. */
const KEYS_MAX = 100;
const REQUESTS_AT_ONCE = 4;
/** Seven askings within about three seconds. */
const ASK_AGAIN = { retries: 6, minTimeout: 25, factor: 2, randomize: true };

/**
 * All items there are under these keys, in no order, eventually consistent. Keys may repeat.
 *
 * @throws Error when the table keeps leaving some unanswered: what is missing here is missing there.
 */
export async function batchGet(table: TableAccess, keys: readonly RowKey[]): Promise<readonly Item[]> {
  const distinct = [...new Map(keys.map((key) => [formatKey(key), key])).values()];
  const limit = pLimit(REQUESTS_AT_ONCE);
  const chunks = await limit.map(chunksOf(distinct), (chunk) => getChunk(table, chunk));
  return chunks.flat();
}

async function getChunk({ client, tableName }: TableAccess, keys: readonly RowKey[]): Promise<Item[]> {
  const items: Item[] = [];
  let pending: Record<string, unknown>[] = keys.map(({ pk, sk }) => ({ pk, sk }));

  async function ask(): Promise<void> {
    const answer = await client.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys: pending } } }),
    );
    items.push(...(answer.Responses?.[tableName] ?? []));
    pending = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
    if (pending.length > 0)
      throw new UnprocessedError(`${pending.length} of ${keys.length} keys were left unanswered`);
  }

  // Other errors have been retried by the SDK already.
  await pRetry(ask, { ...ASK_AGAIN, shouldRetry: ({ error }) => error instanceof UnprocessedError });
  return items;
}

class UnprocessedError extends Error {}

function chunksOf(keys: readonly RowKey[]): readonly (readonly RowKey[])[] {
  const count = Math.ceil(keys.length / KEYS_MAX);
  return Array.from({ length: count }, (_, index) => keys.slice(index * KEYS_MAX, (index + 1) * KEYS_MAX));
}
