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

/**
 * The whole ledger in this process: nothing outlives it. What is handed in is copied, and what is handed out is frozen:
 * a caller cannot change it by mistake, and reading costs nothing.
 */
export function memoryLedger(writeId: () => string = countingWriteId()): Ledger {
  return {
    apps: memoryAppStore(writeId),
    ruleStarts: memorySwapStore(new Map(), writeId),
    leases: memorySwapStore(new Map(), writeId),
    budgets: memorySwapStore(new Map(), writeId),
    cooldowns: memorySwapStore(new Map(), writeId),
    groupingSecret: { read: async () => 'of this process' },
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
    read: async (id) => items.get(id),
    swap: async (id, seen, next) => {
      const stands = items.get(id);
      if (stands?.v !== seen?.v || stands?.w !== seen?.w) return { kind: 'lost', now: stands };
      const now = frozenCopy({ v: (seen?.v ?? 0) + 1, w: writeId(), value: next });
      items.set(id, now);
      return { kind: 'written', now };
    },
  };
}

function memoryAppStore(writeId: () => string): AppStore {
  const items = new Map<AppKey, Versioned<AppState>>();
  return {
    ...memorySwapStore(items, writeId),
    load: async (apps) => pick(items, apps),
  };
}

function memoryRowStore(): RowStore {
  const rows = new Map<string, AlertRow>();

  function update(key: RowKey, states: TargetStates, expiresAtS: number | undefined): AlertRow | undefined {
    const row = rows.get(formatKey(key));
    if (row === undefined) return undefined;
    const to = { ...row.to, ...states };
    const next = frozenCopy({ ...row, to, expiresAtS: expiresAtS ?? row.expiresAtS });
    rows.set(formatKey(key), next);
    return next;
  }

  return {
    lookUp: async (keys) => pick(rows, keys.map(formatKey)),
    read: async (key) => rows.get(formatKey(key)),
    claim: async (row) => {
      const stands = rows.get(formatKey(row.key));
      if (stands !== undefined && !isSameClaim(row, stands)) return { kind: 'exists', row: stands };
      rows.set(formatKey(row.key), frozenCopy(row));
      return { kind: 'claimed' };
    },
    record: async (key, states, expiresAtS) => {
      update(key, states, expiresAtS);
    },
    flush: async (key, target, state, expiresAtS) => {
      if (rows.get(formatKey(key))?.to[target]?.is !== 'held') return undefined;
      return update(key, { [target]: state }, expiresAtS);
    },
    reopen: async (key, target, state) => {
      const row = rows.get(formatKey(key));
      if (row?.to[target]?.is !== 'failed') return row;
      rows.set(formatKey(key), frozenCopy({ ...row, expiresAtS: undefined }));
      return update(key, { [target]: state }, undefined);
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
      items.set(heldItemKey(item).sk, frozenCopy(item));
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
      items.set(failedItemKey(item).sk, frozenCopy(item));
    },
    remove: async (item) => {
      items.delete(failedItemKey(item).sk);
    },
    list: async (countMax) => firstOf(items, countMax, () => true),
  };
}

function firstOf<T>(items: ReadonlyMap<string, T>, countMax: number, keep: (sk: string) => boolean): T[] {
  const sks = [...items.keys()].filter(keep).sort().slice(0, Math.max(0, countMax));
  return [...pick(items, sks).values()];
}

function pick<Id, T>(items: ReadonlyMap<Id, T>, ids: readonly Id[]): Map<Id, T> {
  const picked = new Map<Id, T>();
  for (const id of ids) {
    const item = items.get(id);
    if (item !== undefined) picked.set(id, item);
  }
  return picked;
}

/** Values of the ledger are plain: objects, lists, texts, numbers. What is frozen already is one of ours. */
function frozenCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  const copy = Array.isArray(value)
    ? value.map(frozenCopy)
    : Object.fromEntries(Object.entries(value).map(([name, part]) => [name, frozenCopy(part)]));
  return Object.freeze(copy) as T;
}
