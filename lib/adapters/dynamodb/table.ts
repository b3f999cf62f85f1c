import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { CooldownKey } from '../../domain/cooldown.ts';
import { type AppKey, type Target, targetOf } from '../../domain/identity.ts';
import { formatKey, parseKey, type RowKey } from '../../domain/ledger-row.ts';
import type { FailedItem, HeldItem } from '../../ports/ledger.ts';

export const PARTITION_KEY = 'pk';
export const SORT_KEY = 'sk';
/** Epoch seconds; the table deletes what is past it within days, and nothing decides by it. */
export const TTL_ATTRIBUTE = 'expiresAt';

/** The one partition of all reminders. */
export const HELD_PARTITION = 'held';
/** The one partition of what was given up. */
export const FAILED_PARTITION = 'failed';

/** Milliseconds take thirteen digits until the year 2286, so that text sorts as time does. */
const TIME_DIGITS = 13;
const TIMED_KEY = /^(?<time>\d{13})#(?<target>[^#]+)#(?<key>[^|]+\|.+)$/;
const TARGET = /^(?<receiver>.+)\/(?<channel>email|sms)$/;
/** In place of a target: no delivery failed, but a span of time was never read. */
const NO_TARGET = '-';

/** The table as the stack deploys it, for a local endpoint: keys only, paid by request. */
export function createTableInput(tableName: string): CreateTableCommandInput {
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: PARTITION_KEY, AttributeType: 'S' },
      { AttributeName: SORT_KEY, AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: PARTITION_KEY, KeyType: 'HASH' },
      { AttributeName: SORT_KEY, KeyType: 'RANGE' },
    ],
  };
}

/** Of the app's state; its rules and its rows share the partition. */
export function appItemKey(app: AppKey): RowKey {
  return { pk: `app#${app}`, sk: 'state' };
}

/** Of the app's rule starts. */
export function rulesItemKey(app: AppKey): RowKey {
  return { pk: `app#${app}`, sk: 'rules' };
}

/** Of the lease under which a target's held alerts are published. */
export function leaseItemKey(target: Target): RowKey {
  return { pk: `to#${target}`, sk: 'lease' };
}

/** Of what a target's SMS have come to. */
export function budgetItemKey(target: Target): RowKey {
  return { pk: `to#${target}`, sk: 'budget' };
}

/** Of one group's cooldown under one rule. */
export function cooldownItemKey(key: CooldownKey): RowKey {
  const hash = key.lastIndexOf('#');
  return { pk: `cool#${key.slice(0, hash)}`, sk: key.slice(hash + 1) };
}

/** Of the text that groups are hashed with. */
export const GROUPING_SECRET_KEY: RowKey = { pk: 'secret', sk: 'grouping' };

/**
 * Sorts by due time.
 *
 * @throws RangeError when the time is not whole milliseconds: a rounded reminder would not match its row.
 */
export function heldItemKey({ untilMs, target, key }: HeldItem): RowKey {
  return { pk: HELD_PARTITION, sk: `${timeDigits(untilMs)}#${target}#${formatKey(key)}` };
}

/** Every held item due by `nowMs` sorts before this, every other one after. */
export function heldBound(nowMs: number): string {
  return timeDigits(Math.floor(nowMs) + 1);
}

/** @throws Error when it is not the sort key of a held item. */
export function parseHeldKey(sk: string): HeldItem {
  const { timeMs, target, key } = parseTimedKey(HELD_PARTITION, sk);
  if (target === NO_TARGET) throw unknownForm(HELD_PARTITION, sk);
  return { untilMs: timeMs, target, key };
}

/**
 * Sorts by the time of failure.
 *
 * @throws RangeError when the time is not whole milliseconds.
 */
export function failedItemKey({ atMs, target, key }: Omit<FailedItem, 'because'>): RowKey {
  return { pk: FAILED_PARTITION, sk: `${timeDigits(atMs)}#${target}#${formatKey(key)}` };
}

/** @throws Error when it is not the sort key of a failed item. */
export function parseFailedKey(sk: string): Omit<FailedItem, 'because'> {
  const { timeMs, target, key } = parseTimedKey(FAILED_PARTITION, sk);
  return { atMs: timeMs, target, key };
}

function timeDigits(timeMs: number): string {
  const digits = String(timeMs).padStart(TIME_DIGITS, '0');
  if (!/^\d{13}$/.test(digits)) {
    throw new RangeError(
      `a sort key takes whole milliseconds of at most ${TIME_DIGITS} digits, got ${timeMs}`,
    );
  }
  return digits;
}

type TimedKey = { readonly timeMs: number; readonly target: FailedItem['target']; readonly key: RowKey };

function parseTimedKey(pk: string, sk: string): TimedKey {
  const { time, target: text, key } = TIMED_KEY.exec(sk)?.groups ?? {};
  const target = parseTarget(text);
  if (target === undefined || key === undefined) throw unknownForm(pk, sk);
  return { timeMs: Number(time), target, key: parseKey(key) };
}

function parseTarget(text: string | undefined): FailedItem['target'] | undefined {
  if (text === undefined || text === NO_TARGET) return text;
  const { receiver, channel } = TARGET.exec(text)?.groups ?? {};
  if (receiver === undefined || (channel !== 'email' && channel !== 'sms')) return undefined;
  return targetOf(receiver, channel);
}

function unknownForm(pk: string, sk: string): Error {
  return new Error(`item ${JSON.stringify(`${pk} · ${sk}`)} has a sort key of an unknown form`);
}
