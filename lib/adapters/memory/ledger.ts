import { isDeepStrictEqual } from 'node:util';
import type { AppState } from '../../domain/app-state.ts';
import type { AppKey } from '../../domain/identity.ts';
import { type AlertRow, formatKey, type RowKey, type TargetStates } from '../../domain/ledger-row.ts';
import type {
  AppStore,
  FailedItem,
  FailedList,
  HeldItem,
  HeldQueue,
  Ledger,
  RowStore,
  SwapStore,
  Versioned,
} from '../../ports/ledger.ts';
import { failedItemKey, heldBound, heldItemKey } from '../dynamodb/table.ts';

/** The whole ledger in this process: nothing outlives it, and nothing handed in or out is shared with a caller. */
export function memoryLedger(writeId: () => string = countingWriteId()): Ledger {
  return {
    apps: memoryAppStore(writeId),
    ruleStarts: memorySwapStore(new Map(), writeId),
    leases: memorySwapStore(new Map(), writeId),
    rows: memoryRowStore(),
    held: memoryHeldQueue(),
    failed: memoryFailedList(),
  };
}

function countingWriteId(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `write-${count}`;
  };
}

function memorySwapStore<Id, T>(items: Map<Id, Versioned<T>>, writeId: () => string): SwapStore<Id, T> {
  return {
    read: async (id) => structuredClone(items.get(id)),
    swap: async (id, seen, next) => {
      const stands = items.get(id);
      if (stands?.v !== seen?.v || stands?.w !== seen?.w)
        return { kind: 'lost', now: structuredClone(stands) };
      const now = { v: (seen?.v ?? 0) + 1, w: writeId(), value: structuredClone(next) };
      items.set(id, now);
      return { kind: 'written', now: structuredClone(now) };
    },
  };
}

function memoryAppStore(writeId: () => string): AppStore {
  const items = new Map<AppKey, Versioned<AppState>>();
  return {
    ...memorySwapStore(items, writeId),
    load: async (apps) => structuredClone(pick(items, apps)),
  };
}

function memoryRowStore(): RowStore {
  const rows = new Map<string, AlertRow>();

  function update(key: RowKey, states: TargetStates, expiresAtS: number | undefined): AlertRow | undefined {
    const row = rows.get(formatKey(key));
    if (row === undefined) return undefined;
    const to = { ...row.to, ...structuredClone(states) };
    const next = { ...row, to, expiresAtS: expiresAtS ?? row.expiresAtS };
    rows.set(formatKey(key), next);
    return structuredClone(next);
  }

  return {
    lookUp: async (keys) => structuredClone(pick(rows, keys.map(formatKey))),
    read: async (key) => structuredClone(rows.get(formatKey(key))),
    claim: async (row) => {
      const stands = rows.get(formatKey(row.key));
      if (stands !== undefined && !isSameClaim(row, stands))
        return { kind: 'exists', row: structuredClone(stands) };
      rows.set(formatKey(row.key), structuredClone(row));
      return { kind: 'claimed' };
    },
    record: async (key, states, expiresAtS) => {
      update(key, states, expiresAtS);
    },
    flush: async (key, target, state, expiresAtS) => {
      if (rows.get(formatKey(key))?.to[target]?.is !== 'held') return undefined;
      return update(key, { [target]: state }, expiresAtS);
    },
    expire: async (key, expiresAtS) => {
      update(key, {}, expiresAtS);
    },
  };
}

/** As the table settles a claim whose answer was lost. */
function isSameClaim(mine: AlertRow, stands: AlertRow): boolean {
  return (
    stands.owner === mine.owner &&
    stands.claimedAtMs === mine.claimedAtMs &&
    isDeepStrictEqual(stands.to, mine.to)
  );
}

/** In the table's own order, under the table's own keys. */
function memoryHeldQueue(): HeldQueue {
  const items = new Map<string, HeldItem>();
  return {
    put: async (item) => {
      items.set(heldItemKey(item).sk, structuredClone(item));
    },
    remove: async (item) => {
      items.delete(heldItemKey(item).sk);
    },
    listDue: async (nowMs, countMax) => {
      const bound = heldBound(nowMs);
      return firstOf(items, countMax, (sk) => sk < bound);
    },
  };
}

function memoryFailedList(): FailedList {
  const items = new Map<string, FailedItem>();
  return {
    put: async (item) => {
      items.set(failedItemKey(item).sk, structuredClone(item));
    },
    list: async (countMax) => firstOf(items, countMax, () => true),
  };
}

function firstOf<T>(items: ReadonlyMap<string, T>, countMax: number, keep: (sk: string) => boolean): T[] {
  const sks = [...items.keys()].filter(keep).sort().slice(0, Math.max(0, countMax));
  return structuredClone([...pick(items, sks).values()]);
}

function pick<Id, T>(items: ReadonlyMap<Id, T>, ids: readonly Id[]): Map<Id, T> {
  const picked = new Map<Id, T>();
  for (const id of ids) {
    const item = items.get(id);
    if (item !== undefined) picked.set(id, item);
  }
  return picked;
}
