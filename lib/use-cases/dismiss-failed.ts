import type { FailedItem, Ledger } from '../ports/ledger.ts';

/** What became of an entry of the failed list that a person no longer wants to see; it is gone in any case. */
export type DismissOutcome =
  | { readonly kind: 'dismissed' }
  /** It had not failed after all, or was sent back: it is still tried, and listed again if it fails. */
  | { readonly kind: 'still-tried' };

/**
 * Takes an entry off the failed list; what its row says stays. A row that is held gets its reminder first: after a retry
 * that died half way the entry is all that leads to it.
 *
 * @throws when the ledger cannot be read or written; the entry is there still, unless only its removal was not learned of.
 */
export async function dismissFailed(ledger: Ledger, item: FailedItem): Promise<DismissOutcome> {
  const { key, target } = item;
  const state = target === '-' ? undefined : (await ledger.rows.read(key))?.to[target];
  if (target !== '-' && state?.is === 'held') {
    await ledger.held.put({ untilMs: state.untilMs, target, key });
  }
  await ledger.failed.remove(item);
  return { kind: state?.is === 'held' || state?.is === 'open' ? 'still-tried' : 'dismissed' };
}
