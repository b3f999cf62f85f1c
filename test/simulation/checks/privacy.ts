import { formatKey } from '../../../lib/domain/ledger-row.ts';
import type { Write } from '../ports/ledger-truth.ts';
import { violate } from '../simulation-state.ts';
import type { World } from '../world.ts';

/** Nothing that leaves the rows may hold what a lead wrote or is. */
export function checkPrivacy(world: World, text: string): void {
  const found = /\+?1202555\d{4}|wamid\.|secret-text/.exec(text);
  if (found !== null) violate(world.simulation, 'I8', text);
}

/** Keys, reminders and entries of the failed list. */
export function keysHoldNothing(world: World, write: Write): void {
  const text = leavingTextOf(write);
  if (text !== undefined) checkPrivacy(world, text);
}

function leavingTextOf(write: Write): string | undefined {
  switch (write.kind) {
    case 'cooldown':
      return write.key;
    case 'row':
      return write.rowId;
    case 'held':
      return formatKey(write.item.key);
    case 'failed':
      return JSON.stringify(write.item);
    case 'app':
    case 'budget':
    case 'lease':
      return undefined;
  }
}
