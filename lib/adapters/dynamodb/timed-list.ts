import { DeleteCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { RowKey } from '../../domain/ledger-row.ts';
import { type Item, storable, type TableAccess } from './item.ts';

/** Puts the item, whatever is there: repeating it changes nothing. */
export async function putItem(
  { client, tableName }: TableAccess,
  key: RowKey,
  attributes: object,
): Promise<void> {
  await client.send(new PutCommand({ TableName: tableName, Item: { ...storable(attributes), ...key } }));
}

/** Removes the item, if it is there. */
export async function deleteItem({ client, tableName }: TableAccess, key: RowKey): Promise<void> {
  await client.send(new DeleteCommand({ TableName: tableName, Key: key }));
}

/** Items of one partition in the order of their sort keys, eventually consistent. */
export async function listItems(
  { client, tableName }: TableAccess,
  range: { readonly pk: string; readonly skBelow: string | undefined },
  countMax: number,
): Promise<readonly Item[]> {
  if (countMax <= 0) return [];
  const below =
    range.skBelow === undefined ? undefined : { condition: ' AND sk < :below', value: range.skBelow };
  const pages = paginateQuery(
    { client, pageSize: countMax },
    {
      TableName: tableName,
      KeyConditionExpression: `pk = :pk${below?.condition ?? ''}`,
      ExpressionAttributeValues: {
        ':pk': range.pk,
        ...(below === undefined ? {} : { ':below': below.value }),
      },
    },
  );
  const items: Item[] = [];
  for await (const page of pages) {
    items.push(...(page.Items ?? []));
    if (items.length >= countMax) break;
  }
  return items.slice(0, countMax);
}
