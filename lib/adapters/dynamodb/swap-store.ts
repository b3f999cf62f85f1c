import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';
import type { RowKey } from '../../domain/ledger-row.ts';
import type { Swap, SwapStore, Versioned } from '../../ports/ledger.ts';
import { type Item, parseItem, storable, type TableAccess } from './item.ts';
import { attempt, settle } from './outcome.ts';
import { SHAPE_VERSION, swapShape } from './shapes.ts';

/** How values of one kind are stored. */
export type SwapCodec<Id, T> = {
  readonly keyOf: (id: Id) => RowKey;
  /** Attributes beside `pk`, `sk`, `version`, `v` and `w`. */
  readonly encode: (value: T) => object;
  readonly shape: z.ZodType<T>;
};

/** @throws Error naming the item when it is of an unknown shape. */
export function parseVersioned<T>(shape: z.ZodType<T>, key: RowKey, item: Item): Versioned<T> {
  const { v, w } = parseItem(swapShape, key, item);
  return { v, w, value: parseItem(shape, key, item) };
}

/** Compare-and-swap of single items: `v` orders the writes, `w` tells whose write stands. */
export function dynamoSwapStore<Id, T>(
  table: TableAccess,
  codec: SwapCodec<Id, T>,
  writeId: () => string,
): SwapStore<Id, T> {
  const { client, tableName } = table;

  async function read(id: Id): Promise<Versioned<T> | undefined> {
    const key = codec.keyOf(id);
    const answer = await client.send(
      new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
    );
    return answer.Item === undefined ? undefined : parseVersioned(codec.shape, key, answer.Item);
  }

  async function swap(id: Id, seen: Versioned<T> | undefined, next: T): Promise<Swap<T>> {
    const key = codec.keyOf(id);
    const now = { v: (seen?.v ?? 0) + 1, w: writeId(), value: next };
    const put = new PutCommand({
      TableName: tableName,
      Item: { ...storable(codec.encode(next)), ...key, version: SHAPE_VERSION, v: now.v, w: now.w },
      ...(seen === undefined ? IF_ABSENT : ifStillAt(seen)),
    });

    const written = await attempt(() => client.send(put));
    if (written.kind === 'done') return { kind: 'written', now };
    // The SDK repeats a write whose answer was lost: its condition then fails on its own first attempt.
    const stands = await settle(key, written.error, () => read(id));
    return stands?.w === now.w ? { kind: 'written', now: stands } : { kind: 'lost', now: stands };
  }

  return { read, swap };
}

const IF_ABSENT = { ConditionExpression: 'attribute_not_exists(pk)' };

function ifStillAt({ v, w }: Versioned<unknown>) {
  return { ConditionExpression: 'v = :v AND w = :w', ExpressionAttributeValues: { ':v': v, ':w': w } };
}
