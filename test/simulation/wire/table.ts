import type { AttributeItem, ItemKey } from './attribute-values.ts';

const DAY_MS = 24 * 3_600_000;

/** How long after its expiry the table may still show an item. */
const CLEAN_UP_MAX_DAYS = 3;

/** Longest that a read which need not be consistent may lag behind. */
export const LAG_MAX_MS = 1_000;

type Version = { readonly atMs: number; readonly item: AttributeItem | undefined };
type Partition = { readonly items: Map<string, Version[]>; sortKeys: string[] };

/** Items by partition in the order of their sort keys, and what each of them was. No faults, no requests. */
export type Table = {
  /** As it stands, or stood at `atMs`. */
  readonly get: (key: ItemKey, atMs?: number) => AttributeItem | undefined;
  readonly write: (key: ItemKey, item: AttributeItem | undefined) => void;
  /** Of one partition, in order, sort keys above and below these alone, as they stood at `atMs`. */
  readonly list: (
    pk: string,
    range: { readonly skAbove?: string | undefined; readonly skBelow?: string | undefined },
    atMs?: number,
  ) => readonly AttributeItem[];
  /** Whether there was an item under the key at every moment from `fromMs` until now. */
  readonly stoodSince: (key: ItemKey, fromMs: number) => boolean;
};

export function emptyTable(nowMs: () => number): Table {
  const partitions = new Map<string, Partition>();

  function get({ pk, sk }: ItemKey, atMs = nowMs()): AttributeItem | undefined {
    const versions = partitions.get(pk)?.items.get(sk);
    const item = versions?.findLast((version) => version.atMs <= atMs)?.item;
    return item !== undefined && isCleanedUp(item, sk, nowMs()) ? undefined : item;
  }

  function write({ pk, sk }: ItemKey, item: AttributeItem | undefined): void {
    const partition = partitions.get(pk) ?? { items: new Map<string, Version[]>(), sortKeys: [] };
    partitions.set(pk, partition);
    const versions = partition.items.get(sk);
    if (versions === undefined) {
      partition.items.set(sk, [{ atMs: nowMs(), item }]);
      insertSorted(partition.sortKeys, sk);
      return;
    }
    versions.push({ atMs: nowMs(), item });
    forgetOld(versions, nowMs());
  }

  return {
    get,
    write,
    list: (pk, { skAbove, skBelow }, atMs = nowMs()) =>
      (partitions.get(pk)?.sortKeys ?? [])
        .filter((sk) => (skAbove === undefined || sk > skAbove) && (skBelow === undefined || sk < skBelow))
        .map((sk) => get({ pk, sk }, atMs))
        .filter((item) => item !== undefined),
    stoodSince: ({ pk, sk }, fromMs) => {
      const versions = partitions.get(pk)?.items.get(sk) ?? [];
      const first = versions.findLastIndex((version) => version.atMs <= fromMs);
      if (first === -1 || get({ pk, sk }) === undefined) return false;
      return versions.slice(first).every((version) => version.item !== undefined);
    },
  };
}

/** Past its expiry by a time of its own, up to days. */
function isCleanedUp({ expiresAt }: AttributeItem, sk: string, nowMs: number): boolean {
  if (expiresAt === undefined || !('N' in expiresAt)) return false;
  const lateMs = ((sk.charCodeAt(sk.length - 1) + sk.charCodeAt(8)) % (CLEAN_UP_MAX_DAYS + 1)) * DAY_MS;
  return Number(expiresAt.N) * 1000 + lateMs < nowMs;
}

/** Older than any read can ask for. */
function forgetOld(versions: Version[], nowMs: number): void {
  const first = versions.findLastIndex((version) => version.atMs <= nowMs - 60 * LAG_MAX_MS);
  if (first > 0) versions.splice(0, first);
}

function insertSorted(sortKeys: string[], sk: string): void {
  const place = sortKeys.findIndex((other) => other > sk);
  if (place === -1) sortKeys.push(sk);
  else sortKeys.splice(place, 0, sk);
}
