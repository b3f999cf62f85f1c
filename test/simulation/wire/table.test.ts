import { describe, expect, it } from 'vitest';
import type { AttributeItem } from './attribute-values.ts';
import { InvalidRequestError } from './expressions.ts';
import { emptyTable } from './table.ts';
import {
  ConditionFailedError,
  type Operation,
  operate,
  type Surroundings,
  type TableRequest,
} from './table-operations.ts';

const START_MS = 1_790_000_000_000;
const DAY_MS = 24 * 3_600_000;

/** A table of its own, at a time that the test moves. */
function newTable(over: Partial<Surroundings> = {}) {
  let nowMs = START_MS;
  const table = emptyTable(() => nowMs);
  const around: Surroundings = {
    table,
    pastMs: () => nowMs,
    pageItemsMax: 100,
    leavesOut: () => false,
    onWrite: () => undefined,
    onRead: () => undefined,
    ...over,
  };
  return {
    later: (byMs: number) => {
      nowMs += byMs;
    },
    do: (operation: Operation, request: TableRequest) => operate(operation, request, around),
  };
}

const key = (sk: string): AttributeItem => ({ pk: { S: 'p' }, sk: { S: sk } });
const absent = { ConditionExpression: 'attribute_not_exists(pk)' };

describe('the modelled table', () => {
  it('puts an item if there is none, and only then', () => {
    const table = newTable();
    table.do('PutItem', { Item: { ...key('a'), n: { N: '1' } }, ...absent });
    expect(() => table.do('PutItem', { Item: key('a'), ...absent })).toThrow(ConditionFailedError);
    expect(table.do('GetItem', { Key: key('a'), ConsistentRead: true })).toEqual({
      Item: { ...key('a'), n: { N: '1' } },
    });
  });

  it('sets what lies inside an item, under a condition on it, and removes', () => {
    const table = newTable();
    table.do('PutItem', { Item: { ...key('a'), to: { M: { x: { S: 'old' } } }, gone: { N: '1' } } });
    const set: TableRequest = {
      Key: key('a'),
      UpdateExpression: 'SET #to.x = :new REMOVE gone',
      ConditionExpression: '#to.x = :old',
      ExpressionAttributeNames: { '#to': 'to' },
      ExpressionAttributeValues: { ':new': { S: 'new' }, ':old': { S: 'old' } },
      ReturnValues: 'ALL_NEW',
    };
    expect(table.do('UpdateItem', set)).toEqual({
      Attributes: { ...key('a'), to: { M: { x: { S: 'new' } } } },
    });
    expect(() => table.do('UpdateItem', set)).toThrow(ConditionFailedError);
  });

  it.each([
    { name: 'a path through nothing', request: { UpdateExpression: 'SET a.b = :v' } },
    {
      name: 'a value that is not used',
      request: { UpdateExpression: 'SET a = :v', more: { ':w': { S: '' } } },
    },
    { name: 'a placeholder without a value', request: { UpdateExpression: 'SET a = :w' } },
  ])('refuses $name, as the real one does', ({ request: { more, ...request } }) => {
    const values = { ':v': { S: 'v' }, ...more };
    const update = { Key: key('a'), ExpressionAttributeValues: values, ...request };
    expect(() => newTable().do('UpdateItem', update)).toThrow(InvalidRequestError);
  });

  it.each([
    { operation: 'PutItem', request: { Item: key('a'), ConditionExpression: 'size(pk) > a' } },
    { operation: 'PutItem', request: { Item: key('a'), ConditionExpression: 'contains(a, b)' } },
    { operation: 'UpdateItem', request: { Key: key('a'), UpdateExpression: 'ADD a b' } },
    { operation: 'Query', request: { ConsistentRead: true, KeyConditionExpression: 'pk = pk' } },
  ] as const)('says so when it does not know what to do: $operation $request', ({ operation, request }) => {
    expect(() => newTable().do(operation, request)).toThrow(/not modelled/);
  });

  it('lists a partition in the order of its keys, a page at a time', () => {
    const table = newTable({ pageItemsMax: 2 });
    for (const sk of ['c', 'a', 'd', 'b']) table.do('PutItem', { Item: key(sk) });
    const query: TableRequest = {
      KeyConditionExpression: 'pk = :pk AND sk < :below',
      ExpressionAttributeValues: { ':pk': { S: 'p' }, ':below': { S: 'd' } },
    };
    const first = table.do('Query', query);
    expect(first).toMatchObject({ Items: [key('a'), key('b')], LastEvaluatedKey: key('b') });
    const second = table.do('Query', { ...query, ExclusiveStartKey: key('b') });
    expect(second).toEqual({ Items: [key('c')], Count: 1 });
  });

  it('answers with the past where a read need not be consistent', () => {
    const table = newTable({ pastMs: () => START_MS });
    table.later(500);
    table.do('PutItem', { Item: key('a') });
    expect(table.do('GetItem', { Key: key('a') })).toEqual({});
    expect(table.do('GetItem', { Key: key('a'), ConsistentRead: true })).toEqual({ Item: key('a') });
  });

  it('leaves keys of a batch unanswered, never all of them', () => {
    const table = newTable({ leavesOut: () => true });
    for (const sk of ['a', 'b', 'c']) table.do('PutItem', { Item: key(sk) });
    expect(table.do('BatchGetItem', { RequestItems: { t: { Keys: ['a', 'b', 'c'].map(key) } } })).toEqual({
      Responses: { t: [key('a')] },
      UnprocessedKeys: { t: { Keys: [key('b'), key('c')] } },
    });
  });

  it('lets an expired item go days late, one at a time', () => {
    const table = newTable();
    const sks = Array.from({ length: 20 }, (_, index) => `alert#00${index + 10}`);
    const expiresAt = { N: String(START_MS / 1000 + 60) };
    for (const sk of sks) table.do('PutItem', { Item: { ...key(sk), expiresAt } });
    const count = (): number => sks.filter((sk) => 'Item' in table.do('GetItem', { Key: key(sk) })).length;
    table.later(59_000);
    expect(count()).toBe(20);
    table.later(DAY_MS);
    expect(count()).toBeGreaterThan(0);
    expect(count()).toBeLessThan(20);
    table.later(4 * DAY_MS);
    expect(count()).toBe(0);
  });
});
