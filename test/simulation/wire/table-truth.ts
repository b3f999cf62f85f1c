import type { AppState } from '../../../lib/domain/app-state.ts';
import type { CooldownKey, Cooldowns } from '../../../lib/domain/cooldown.ts';
import type { AppKey, Target } from '../../../lib/domain/identity.ts';
import type { AlertRow, RowKey } from '../../../lib/domain/ledger-row.ts';
import type { SmsBudget } from '../../../lib/domain/sms-budget.ts';
import type { FailedItem, HeldItem, TargetLease } from '../../../lib/ports/ledger.ts';
import { type LedgerTruth, noteApp, noteHeld, noteRow, type Write } from '../ports/ledger-truth.ts';
import type { Life } from '../simulation-state.ts';
import { type AttributeItem, type ItemKey, plainItem } from './attribute-values.ts';

/** One write of the modelled table, with all of the item before and after it. */
export type TableWrite = {
  readonly life: Life;
  readonly key: ItemKey;
  readonly before: AttributeItem | undefined;
  readonly after: AttributeItem | undefined;
};

/** Tells the truth of a write, read from the item itself. Items of other kinds say nothing to it. */
export function noteWrite(
  truth: LedgerTruth,
  { life, key, before, after }: TableWrite,
  nowMs: number,
): Write | undefined {
  const { pk, sk } = key;
  if (pk === 'held' || pk === 'failed') return noteTimed(truth, life, key, after);
  if (after === undefined) return undefined;
  if (sk === 'state') {
    const app = pk.slice('app#'.length) as AppKey;
    const now = stateOf(after);
    noteApp(truth, app, now, nowMs);
    return { kind: 'app', life, app, before: before && stateOf(before).value, after: now.value };
  }
  if (sk === 'lease') {
    const target = pk.slice('to#'.length) as Target;
    const lease = stateOf<TargetLease>(after).value;
    truth.leases.set(target, lease);
    return { kind: 'lease', life, target, after: lease };
  }
  if (sk === 'budget') {
    const target = pk.slice('to#'.length) as Target;
    const budget = (item: AttributeItem): SmsBudget => stateOf<SmsBudget>(item).value;
    return { kind: 'budget', life, target, before: before && budget(before), after: budget(after) };
  }
  if (pk.startsWith('cool#')) {
    const { starts, expiresAt } = stateOf<{ starts: Cooldowns['starts']; expiresAt: number }>(after).value;
    const key: CooldownKey = `${pk.slice('cool#'.length)}#${sk}`;
    return { kind: 'cooldown', life, key, after: { starts, expiresAtS: expiresAt } };
  }
  if (!sk.startsWith('alert#') || JSON.stringify(before) === JSON.stringify(after)) return undefined;
  const row = rowOf(after);
  noteRow(truth, row, nowMs);
  return { kind: 'row', life, rowId: `${pk}|${sk}`, before: before && rowOf(before), after: row };
}

/** A row as the item says it. */
export function rowOf(item: AttributeItem): AlertRow {
  const { pk, sk, event, claimedAt, expiresAt, ...rest } = plainItem(item);
  return {
    ...rest,
    key: { pk, sk },
    facts: event,
    claimedAtMs: claimedAt,
    expiresAtS: expiresAt,
  } as unknown as AlertRow;
}

/** When a reminder is due, for whom, and of which row. */
function heldItemOf(sk: string): HeldItem {
  const { timeMs, target, key } = timedOf(sk);
  return { untilMs: timeMs, target: target as Target, key };
}

function stateOf<T = AppState>(
  item: AttributeItem,
): { readonly v: number; readonly w: string; readonly value: T } {
  const { pk: _, sk: __, version: ___, v, w, ...value } = plainItem(item);
  return { v: Number(v), w: String(w), value: value as T };
}

function noteTimed(
  truth: LedgerTruth,
  life: Life,
  { pk, sk }: ItemKey,
  after: AttributeItem | undefined,
): Write | undefined {
  if (pk === 'held') {
    const item = heldItemOf(sk);
    noteHeld(truth, item, after !== undefined);
    return { kind: 'held', life, item };
  }
  const { timeMs, target, key } = timedOf(sk);
  const id = `${target} ${key.pk}|${key.sk}`;
  if (after === undefined) {
    truth.failed.delete(id);
    return undefined;
  }
  const item = { atMs: timeMs, target, key, because: String(plainItem(after)['because']) } as FailedItem;
  truth.failed.set(id, item);
  return { kind: 'failed', life, item };
}

/** `<13 digits>#<target>#<pk>|<sk>`. */
function timedOf(sk: string): { readonly timeMs: number; readonly target: string; readonly key: RowKey } {
  const target = sk.slice(14, sk.indexOf('#', 14));
  const key = sk.slice(15 + target.length);
  const bar = key.indexOf('|');
  return { timeMs: Number(sk.slice(0, 13)), target, key: { pk: key.slice(0, bar), sk: key.slice(bar + 1) } };
}
