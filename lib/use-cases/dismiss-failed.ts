import type { Clock } from '../ports/clock.ts';
import type { FailedItem, Ledger } from '../ports/ledger.ts';
import { RECORDED_WITHIN_MS } from './retry-failed.ts';

/** What became of an entry of the failed list that a person no longer wants to see. */
export type DismissOutcome =
  /** It was listed just now, and its row may not say so yet: the entry stays. */
  | { readonly kind: 'under-way' }
  | { readonly kind: 'dismissed' }
  /** It had not failed after all, or was sent back: it is still tried, and listed again if it fails. */
  | { readonly kind: 'still-tried' };

/**
 * Takes an entry off the failed list; what its row says stays. A row that is held gets its reminder first: after a retry
 * that died half way the entry is all that leads to it.
 *
 * @throws when the ledger cannot be read or written; the entry is there still, unless only its removal was not learned of.
 */
export async function dismissFailed(
  { ledger, clock }: { readonly ledger: Ledger; readonly clock: Clock },
  item: FailedItem,
): Promise<DismissOutcome> {
  const { key, target } = item;
  if (target === '-') {
    await ledger.failed.remove(item);
    return { kind: 'dismissed' };
  }
  if (clock.nowMs() - item.atMs < RECORDED_WITHIN_MS) return { kind: 'under-way' };
  const state = (await ledger.rows.read(key))?.to[target];
  if (state?.is === 'held') await ledger.held.put({ untilMs: state.untilMs, target, key });
  await ledger.failed.remove(item);
  return { kind: state?.is === 'held' || state?.is === 'open' ? 'still-tried' : 'dismissed' };
}
