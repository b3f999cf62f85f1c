import { type AlertRow, formatKey, type RowKey } from '../../../lib/domain/ledger-row.ts';
import type { Ledger, Swap, SwapStore } from '../../../lib/ports/ledger.ts';
import { type Life, noteFailedWrite } from '../simulation-state.ts';
import { witnessedLists } from './list-witness.ts';
import { rowOf } from './table-truth.ts';
import { checkAbsent, type Effect, effectsFromNow, fail, type Witness } from './witness.ts';

/** Holds every answer of the adapter against what the table did and holds. */
export function witnessed(ledger: Ledger, witness: Witness, life: Life): Ledger {
  const swaps = Object.fromEntries(
    Object.entries(ledger).flatMap(([name, store]) =>
      'swap' in store ? [[name, witnessedSwaps(store, witness, life)]] : [],
    ),
  );
  return {
    ...ledger,
    ...swaps,
    ...witnessedApps(ledger, witness, life),
    ...witnessedRows(ledger, witness, life),
    ...witnessedLists(ledger, witness, life),
  };
}

function witnessedSwaps<Id, T>(store: SwapStore<Id, T>, witness: Witness, life: Life): SwapStore<Id, T> {
  return {
    ...store,
    read: (id) => store.read(id),
    swap: async (id, seen, next) => {
      const from = witness.effects.get(life)?.length ?? 0;
      const swapping = store.swap(id, seen, next);
      const w = witness.lastWriteId();
      const swap = await swapping;
      checkSwap(witness, swap, w, (witness.effects.get(life) ?? []).slice(from));
      return swap;
    },
  };
}

/** `w`: of this swap. `since`: what took effect for the invocation meanwhile. */
function checkSwap(witness: Witness, swap: Swap<unknown>, w: string, since: readonly Effect[]): void {
  const own = since.find((effect) => effect.kind === 'written' && effect.w === w);
  if (swap.kind === 'written') {
    if (own === undefined || swap.now.w !== w) fail(witness, `${w} is called written and was not`);
    return;
  }
  if (own === undefined) return;
  // Written after the look that settled it: nobody could know.
  const look = since.findLast((effect) => effect.kind === 'read' && effect.id === own.id);
  if (look === undefined || look.w === w) fail(witness, `${own.id} is called lost and was written`);
}

function witnessedApps({ apps }: Ledger, witness: Witness, life: Life): Pick<Ledger, 'apps'> {
  return {
    apps: {
      ...witnessedSwaps(apps, witness, life),
      load: async (keys) => {
        const askedMs = witness.simulation.time.nowMs();
        const loaded = await apps.load(keys);
        for (const app of keys) {
          if (!loaded.has(app)) checkAbsent(witness, { pk: `app#${app}`, sk: 'state' }, askedMs);
        }
        return loaded;
      },
    },
  };
}

function witnessedRows({ rows }: Ledger, witness: Witness, life: Life): Pick<Ledger, 'rows'> {
  /** A row of which a write failed may be told once more. */
  const noting = async <T>(key: RowKey, write: Promise<T>): Promise<T> => {
    try {
      return await write;
    } catch (error) {
      noteFailedWrite(witness.simulation, life, formatKey(key));
      throw error;
    }
  };
  /** An answer that something was written, or need not be. */
  const done = async (key: RowKey, write: Promise<void>): Promise<void> => {
    const since = effectsFromNow(witness, life);
    await noting(key, write);
    const isThere = witness.table.get(key) !== undefined;
    if (isThere && since('written', formatKey(key)) === undefined) {
      fail(witness, `${formatKey(key)} is called recorded and was not written`);
    }
  };
  return {
    rows: {
      ...rows,
      lookUp: async (keys) => {
        const askedMs = witness.simulation.time.nowMs();
        const found = await rows.lookUp(keys);
        for (const key of keys) if (!found.has(formatKey(key))) checkAbsent(witness, key, askedMs);
        return found;
      },
      claim: async (row) => {
        const since = effectsFromNow(witness, life);
        const claim = await noting(row.key, rows.claim(row));
        const stands = claim.kind === 'claimed' ? witness.table.get(row.key) : undefined;
        if (claim.kind === 'claimed' && (stands === undefined || !isOf(rowOf(stands), row))) {
          fail(witness, `${formatKey(row.key)} is called claimed and is not`);
        }
        if (claim.kind === 'exists' && since('read', formatKey(row.key)) === undefined) {
          fail(witness, `${formatKey(row.key)} is called there without a look`);
        }
        return claim;
      },
      record: (key, states, expiresAtS) => {
        const recording = rows.record(key, states, expiresAtS);
        const hasNothing = Object.keys(states).length === 0 && expiresAtS === undefined;
        return hasNothing ? recording : done(key, recording);
      },
      expire: (key, expiresAtS) => done(key, rows.expire(key, expiresAtS)),
      flush: async (key, target, state, expiresAtS) => {
        const since = effectsFromNow(witness, life);
        const row = await noting(key, rows.flush(key, target, state, expiresAtS));
        const id = formatKey(key);
        if (row === undefined && since('read', id) === undefined) {
          fail(witness, `${target} of ${id} is called not held without a look`);
        }
        if (row !== undefined && since('read', id) === undefined && since('written', id) === undefined) {
          fail(witness, `${target} of ${id} is called recorded and was not written`);
        }
        return row;
      },
    },
  };
}

function isOf(stands: AlertRow, { owner, claimedAtMs }: AlertRow): boolean {
  return stands.owner === owner && stands.claimedAtMs === claimedAtMs;
}
