import { type AttributeItem, type ItemKey, keyOf } from './attribute-values.ts';
import {
  checkPlaceholders,
  type Expressions,
  holds,
  InvalidRequestError,
  keyRange,
  updated,
} from './expressions.ts';
import type { Table } from './table.ts';

export const OPERATIONS = [
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'Query',
  'BatchGetItem',
] as const;

export type Operation = (typeof OPERATIONS)[number];

/** The fields of a request that are modelled. */
export type TableRequest = Expressions & {
  readonly TableName?: string;
  readonly Key?: AttributeItem;
  readonly Item?: AttributeItem;
  readonly ConsistentRead?: boolean;
  readonly ReturnValues?: string;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: AttributeItem;
  readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly AttributeItem[] }>>;
};

/** The condition of a write did not hold. */
export class ConditionFailedError extends Error {
  override readonly name = 'ConditionFailedError';
}

/** What an operation is done with. */
export type Surroundings = {
  readonly table: Table;
  /** As of when a read that need not be consistent answers. */
  readonly pastMs: () => number;
  /** Most items in one answer to a query, whatever its limit. */
  readonly pageItemsMax: number;
  /** Whether a key of a batch is left unanswered. */
  readonly leavesOut: () => boolean;
  /** After every write that took effect. */
  readonly onWrite: (
    key: ItemKey,
    before: AttributeItem | undefined,
    after: AttributeItem | undefined,
  ) => void;
  /** After every consistent read. */
  readonly onRead: (key: ItemKey, item: AttributeItem | undefined) => void;
};

type Answer = Readonly<Record<string, unknown>>;

/**
 * Does what the table would do.
 *
 * @throws ConditionFailedError
 * @throws InvalidRequestError for what the table refuses.
 * @throws Error for what is not modelled.
 */
export function operate(operation: Operation, request: TableRequest, around: Surroundings): Answer {
  checkPlaceholders(request);
  switch (operation) {
    case 'GetItem':
      return getItem(request, around);
    case 'PutItem':
      return write(request, keyOf(request.Item ?? {}), around, () => request.Item);
    case 'UpdateItem':
      return updateItem(request, around);
    case 'DeleteItem':
      return write(request, keyOf(request.Key ?? {}), around, () => undefined);
    case 'Query':
      return query(request, around);
    case 'BatchGetItem':
      return batchGet(request, around);
  }
}

function getItem(
  { Key = {}, ConsistentRead }: TableRequest,
  { table, pastMs, onRead }: Surroundings,
): Answer {
  const key = keyOf(Key);
  const item = ConsistentRead === true ? table.get(key) : table.get(key, pastMs());
  if (ConsistentRead === true) onRead(key, item);
  return item === undefined ? {} : { Item: item };
}

function updateItem(request: TableRequest, around: Surroundings): Answer {
  const { Key = {}, ReturnValues } = request;
  const key = keyOf(Key);
  const answer = write(request, key, around, (before) => updated(request, before ?? Key));
  if (ReturnValues === undefined) return answer;
  if (ReturnValues !== 'ALL_NEW') throw new Error(`these return values are not modelled: ${ReturnValues}`);
  return { Attributes: around.table.get(key) };
}

function write(
  request: TableRequest,
  key: ItemKey,
  { table, onWrite }: Surroundings,
  next: (before: AttributeItem | undefined) => AttributeItem | undefined,
): Answer {
  const before = table.get(key);
  if (!holds(request, before)) throw new ConditionFailedError();
  const after = next(before);
  if (key.pk === '' || key.sk === '') throw new InvalidRequestError('a key must not be empty');
  table.write(key, after);
  onWrite(key, before, after);
  return {};
}

function query(request: TableRequest, { table, pastMs, pageItemsMax }: Surroundings): Answer {
  if (request.ConsistentRead === true) throw new Error('a consistent query is not modelled');
  const { pk, skBelow } = keyRange(request);
  const start = request.ExclusiveStartKey;
  const skAbove = start === undefined ? undefined : keyOf(start).sk;
  const all = table.list(pk, { skAbove, skBelow }, pastMs());
  const page = all.slice(0, Math.min(request.Limit ?? pageItemsMax, pageItemsMax));
  const last = page.at(-1);
  // A page that ends with the last item does not know it: the next one is empty.
  const isFull = last !== undefined && page.length === Math.min(request.Limit ?? pageItemsMax, pageItemsMax);
  return {
    Items: page,
    Count: page.length,
    ...(isFull && { LastEvaluatedKey: { pk: last['pk'], sk: last['sk'] } }),
  };
}

function batchGet({ RequestItems = {} }: TableRequest, { table, pastMs, leavesOut }: Surroundings): Answer {
  const [entry, ...others] = Object.entries(RequestItems);
  if (entry === undefined || others.length > 0) throw new Error('a batch of one table alone is modelled');
  const [name, { Keys: keys }] = entry;
  if (keys.length === 0 || keys.length > 100) throw new InvalidRequestError(`a batch of ${keys.length} keys`);
  const texts = keys.map((key) => JSON.stringify(keyOf(key)));
  if (new Set(texts).size < keys.length) throw new InvalidRequestError('a batch names a key twice');
  // A table that answers nothing of a batch says that it is throttled.
  const unanswered = keys.filter((_, index) => index > 0 && leavesOut());
  const items = keys
    .filter((key) => !unanswered.includes(key))
    .map((key) => table.get(keyOf(key), pastMs()))
    .filter((item) => item !== undefined);
  return {
    Responses: { [name]: items },
    UnprocessedKeys: unanswered.length === 0 ? {} : { [name]: { Keys: unanswered } },
  };
}
