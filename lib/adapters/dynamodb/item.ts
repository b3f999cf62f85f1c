import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';
import { formatKey, type RowKey } from '../../domain/ledger-row.ts';

/** The table, as every part of the ledger is given it. */
export type TableAccess = {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly onUnreadable: OnUnreadable;
};

/** Told of an item that is left out because it cannot be read. Keys hold hashes and names, nothing of a lead. */
export type OnUnreadable = (key: RowKey, error: unknown) => void;

/** The attributes of one item. */
export type Item = Readonly<Record<string, unknown>>;

/** What the table holds for a value: see {@link storable}. */
export type Storable =
  | string
  | number
  | boolean
  | null
  | readonly Storable[]
  | { readonly [name: string]: Storable };

/**
 * The value without what is undefined in it, and with lone halves of surrogate pairs replaced: a request cannot
 * carry those, and a text cut in the middle of an emoji would keep its row from ever being written.
 */
export function storable(value: object): { [name: string]: Storable } {
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(entries.map(([name, part]) => [name, storablePart(part)]));
}

function storablePart(part: unknown): Storable {
  if (typeof part === 'string') return part.toWellFormed();
  if (typeof part === 'number' || typeof part === 'boolean' || part === null) return part;
  if (Array.isArray(part)) return part.map(storablePart);
  if (typeof part === 'object') return storable(part);
  throw new TypeError(`a ${typeof part} cannot be stored`);
}

/** @throws Error naming the item when it is not of the shape: never a silent undefined. */
export function parseItem<T>(schema: z.ZodType<T>, key: RowKey, item: Item): T {
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`item ${JSON.stringify(formatKey(key))} is of an unknown shape: ${issues.join('; ')}`);
}

/** What can be read of these items; the rest is reported and left out, so that it costs nobody else. */
export function readEach<T>(
  { onUnreadable }: TableAccess,
  items: readonly Item[],
  read: (item: Item) => T,
): readonly T[] {
  return items.flatMap((item) => {
    try {
      return [read(item)];
    } catch (error) {
      onUnreadable({ pk: String(item['pk']), sk: String(item['sk']) }, error);
      return [];
    }
  });
}
