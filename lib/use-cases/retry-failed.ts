import type { TargetState } from '../domain/ledger-row.ts';
import { MINUTE_MS } from '../domain/policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { FailedItem, Ledger } from '../ports/ledger.ts';

/**
 * A failure is listed before its row says so, and a write whose answer was lost is sent again: by then the invocation that
 * listed it is dead, and nothing of it can undo what a person does.
 */
export const RECORDED_WITHIN_MS = MINUTE_MS;

/** What became of an entry of the failed list that a person sends back. */
export type RetryOutcome =
  /** The digest publishes it at its next tick; the entry is gone. */
  | { readonly kind: 'held' }
  /** There was nothing left to send; the entry is gone. */
  | { readonly kind: 'settled'; readonly is: 'sent' | 'suppressed' }
  /** It is being tried without this; the entry stays until that is over. */
  | { readonly kind: 'under-way' }
  /** Rows are kept for 35 days: what was to be sent is not known any more. The entry stays. */
  | { readonly kind: 'row-gone' }
  /** A span of time that was never read: there is no delivery. The entry stays. */
  | { readonly kind: 'no-delivery' };

/**
 * Takes a delivery back that was given up: the only way from failed to held.
 *
 * The row says `held`, then its reminder is put, and only then the entry goes. A crash after the first leaves a held row
 * that nobody is reminded of, after the second one that is sent: either way the entry is there still, the alarm stays
 * on, and the same again finds the row held and puts the reminder anew. In any other order a crash would lose it: an
 * entry that goes first takes the alarm with it, and a reminder that comes first may be cleared away before its row is held.
 *
 * @throws when the ledger cannot be read or written; the entry is there still.
 */
export async function retryFailed(
  ports: { readonly ledger: Ledger; readonly clock: Clock },
  item: FailedItem,
): Promise<RetryOutcome> {
  const { ledger } = ports;
  const { key, target } = item;
  if (target === '-') return { kind: 'no-delivery' };
  const nowMs = ports.clock.nowMs();
  if (nowMs - item.atMs < RECORDED_WITHIN_MS) return { kind: 'under-way' };
  const row = await ledger.rows.reopen(key, target, heldForRetry(nowMs));
  const state = row?.to[target];
  if (state === undefined) return { kind: 'row-gone' };
  if (state.is === 'open' || state.is === 'failed') return { kind: 'under-way' };
  if (state.is === 'held') await ledger.held.put({ untilMs: state.untilMs, target, key });
  await ledger.failed.remove(item);
  return state.is === 'held' ? { kind: 'held' } : { kind: 'settled', is: state.is };
}

/** Due at once, and as if it had never been tried: it gets all its attempts again. */
function heldForRetry(nowMs: number): Extract<TargetState, { is: 'held' }> {
  return {
    is: 'held',
    untilMs: nowMs,
    because: 'retry',
    unknownCount: 0,
    troubledSinceMs: undefined,
    lastError: undefined,
  };
}
