import { isDeepStrictEqual } from 'node:util';
import { GetCommand, PutCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Target } from '../../domain/identity.ts';
import {
  type AlertRow,
  formatKey,
  type RowKey,
  type TargetState,
  type TargetStates,
} from '../../domain/ledger-row.ts';
import type { RowStore } from '../../ports/ledger.ts';
import { batchGet } from './batch-get.ts';
import { type Item, parseItem, storable, type TableAccess } from './item.ts';
import { type Attempt, attempt, isConditionFailure, settle } from './outcome.ts';
import { rowShape } from './shapes.ts';
import { TTL_ATTRIBUTE } from './table.ts';

const keyShape = z.object({ pk: z.string(), sk: z.string() });

/** Ledger rows: put once, then single targets of `to` are set in place, so that writers do not undo each other. */
export function dynamoRowStore(table: TableAccess): RowStore {
  const { client, tableName } = table;

  async function lookUp(keys: readonly RowKey[]): Promise<ReadonlyMap<string, AlertRow>> {
    const items = await batchGet(table, keys);
    const rows = items.map((item) => parseRow(parseItem(keyShape, { pk: '?', sk: '?' }, item), item));
    return new Map(rows.map((row) => [formatKey(row.key), row]));
  }

  async function read(key: RowKey): Promise<AlertRow | undefined> {
    const answer = await client.send(
      new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
    );
    return answer.Item === undefined ? undefined : parseRow(key, answer.Item);
  }

  async function claim(row: AlertRow): ReturnType<RowStore['claim']> {
    const put = new PutCommand({
      TableName: tableName,
      Item: itemOf(row),
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    const written = await attempt(() => client.send(put));
    if (written.kind === 'done') return { kind: 'claimed' };
    const stands = await settle(row.key, written.error, () => read(row.key));
    if (stands === undefined) throw written.error;
    return isSameClaim(row, stands) ? { kind: 'claimed' } : { kind: 'exists', row: stands };
  }

  async function flush(
    key: RowKey,
    target: Target,
    state: TargetState,
    expiresAtS: number | undefined,
  ): Promise<AlertRow | undefined> {
    const written = await setIf(table, 'held', key, assign({ [target]: state }, expiresAtS));
    if (written.kind === 'done') return written.output;
    const stands = await settle(key, written.error, () => read(key));
    const there = stands?.to[target];
    if (there !== undefined && isSameStored(there, state)) return stands;
    // Still held: nothing was written, and saying that it was not held would drop the reminder.
    if (there?.is === 'held') throw written.error;
    return undefined;
  }

  async function reopen(key: RowKey, target: Target, state: TargetState): Promise<AlertRow | undefined> {
    const set = withoutExpiry(assign({ [target]: state }, undefined));
    const written = await setIf(table, 'failed', key, set);
    if (written.kind === 'done') return written.output;
    const stands = await settle(key, written.error, () => read(key));
    // Failed still: nothing was written.
    if (stands?.to[target]?.is === 'failed') throw written.error;
    return stands;
  }

  return {
    lookUp,
    read,
    claim,
    record: async (key, states, expiresAtS) => update(table, key, assign(states, expiresAtS)),
    flush,
    reopen,
    expire: async (key, expiresAtS) => update(table, key, assign({}, expiresAtS)),
  };
}

/** Writes if the first target that is set is in this state; gives the row as written. */
function setIf(
  { client, tableName }: TableAccess,
  is: 'held' | 'failed',
  key: RowKey,
  set: Assignments | undefined,
): Promise<Attempt<AlertRow>> {
  const update = new UpdateCommand({
    TableName: tableName,
    Key: key,
    ReturnValues: 'ALL_NEW',
    ConditionExpression: '#to.#t0.#is = :is',
    ...set,
    ExpressionAttributeNames: { ...set?.ExpressionAttributeNames, '#is': 'is' },
    ExpressionAttributeValues: { ...set?.ExpressionAttributeValues, ':is': is },
  });
  return attempt(async () => parseRow(key, (await client.send(update)).Attributes ?? {}));
}

/** Does nothing when there is no such row. Repeating it changes nothing, so an answer that was lost needs no look. */
async function update(
  { client, tableName }: TableAccess,
  key: RowKey,
  set: Assignments | undefined,
): Promise<void> {
  if (set === undefined) return;
  const ifThere = { TableName: tableName, Key: key, ConditionExpression: 'attribute_exists(pk)' };
  try {
    await client.send(new UpdateCommand({ ...ifThere, ...set }));
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}

function itemOf({ key, facts, claimedAtMs, expiresAtS, ...rest }: AlertRow): Item {
  return storable({ ...key, ...rest, event: facts, claimedAt: claimedAtMs, expiresAt: expiresAtS });
}

function parseRow(key: RowKey, item: Item): AlertRow {
  const { event, claimedAt, expiresAt, ...rest } = parseItem(rowShape, key, item);
  return {
    key: { pk: key.pk, sk: key.sk },
    ...rest,
    facts: event,
    claimedAtMs: claimedAt,
    expiresAtS: expiresAt,
  };
}

/** By its owner and time, and not yet moved on: from there its owner has to go by what stands. */
function isSameClaim(mine: AlertRow, stands: AlertRow): boolean {
  return (
    stands.owner === mine.owner && stands.claimedAtMs === mine.claimedAtMs && isSameStored(stands.to, mine.to)
  );
}

function isSameStored(left: object, right: object): boolean {
  return isDeepStrictEqual(storable(left), storable(right));
}

type Assignments = Pick<
  UpdateCommandInput,
  'UpdateExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

function withoutExpiry(set: Assignments | undefined): Assignments {
  return {
    ...set,
    UpdateExpression: `${set?.UpdateExpression ?? ''} REMOVE #expiresAt`,
    ExpressionAttributeNames: { ...set?.ExpressionAttributeNames, '#expiresAt': TTL_ATTRIBUTE },
  };
}

/** Undefined: there is nothing to set. */
function assign(states: TargetStates, expiresAtS: number | undefined): Assignments | undefined {
  const sets: string[] = [];
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  for (const [index, [target, state]] of Object.entries(states).entries()) {
    sets.push(`#to.#t${index} = :s${index}`);
    names['#to'] = 'to';
    names[`#t${index}`] = target;
    values[`:s${index}`] = storable(state);
  }
  if (expiresAtS !== undefined) {
    sets.push('#expiresAt = :expiresAt');
    names['#expiresAt'] = TTL_ATTRIBUTE;
    values[':expiresAt'] = expiresAtS;
  }
  if (sets.length === 0) return undefined;
  return {
    UpdateExpression: `SET ${sets.join(', ')}`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}
