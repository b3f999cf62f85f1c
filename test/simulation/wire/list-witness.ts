import { formatKey } from '../../../lib/domain/ledger-row.ts';
import type { FailedItem, Ledger } from '../../../lib/ports/ledger.ts';
import { heldId } from '../ports/ledger-truth.ts';
import type { Life } from '../simulation-state.ts';
import { LAG_MAX_MS } from './table.ts';
import { effectsFromNow, fail, type Witness } from './witness.ts';

/** The same of what is listed in the order of time. */
export function witnessedLists(
  { held, failed }: Ledger,
  witness: Witness,
  life: Life,
): Pick<Ledger, 'held' | 'failed'> {
  const { simulation } = witness;
  /** An answer that an item was put, or removed. */
  const done = async (
    kind: 'written' | 'deleted',
    pk: string,
    item: Timed,
    write: Promise<void>,
  ): Promise<void> => {
    const since = effectsFromNow(witness, life);
    await write;
    const id = `${pk}|${sortKeyOf(item)}`;
    if (since(kind, id) === undefined) fail(witness, `${id} is called ${kind} and was not`);
  };
  return {
    held: {
      put: (item) => done('written', 'held', { ...item, atMs: item.untilMs }, held.put(item)),
      remove: (item) => done('deleted', 'held', { ...item, atMs: item.untilMs }, held.remove(item)),
      listDue: async (nowMs, countMax) => {
        const askedMs = simulation.time.nowMs();
        const due = await held.listDue(nowMs, countMax);
        for (const { target, key } of due) life.listed.set(heldId(target, formatKey(key)), nowMs);
        checkListed(witness, { pk: 'held', askedMs, untilMs: nowMs, countMax }, due.length);
        return due;
      },
    },
    failed: {
      ...failed,
      put: (item) => done('written', 'failed', item, failed.put(item)),
      list: async (countMax) => {
        const askedMs = simulation.time.nowMs();
        const listed = await failed.list(countMax);
        checkListed(
          witness,
          { pk: 'failed', askedMs, untilMs: Number.POSITIVE_INFINITY, countMax },
          listed.length,
        );
        return listed;
      },
    },
  };
}

/** What is listed in the order of time. */
type Timed = Pick<FailedItem, 'atMs' | 'target' | 'key'>;

function sortKeyOf({ atMs, target, key }: Timed): string {
  return `${String(atMs).padStart(13, '0')}#${target}#${formatKey(key)}`;
}

type Listing = {
  readonly pk: string;
  readonly askedMs: number;
  readonly untilMs: number;
  readonly countMax: number;
};

/** As many as stood all the while and were due, or as many as were asked for. */
function checkListed(witness: Witness, { pk, askedMs, untilMs, countMax }: Listing, count: number): void {
  const { table } = witness;
  const stood = table
    .list(pk, {})
    .flatMap(({ sk }) => (sk !== undefined && 'S' in sk ? [sk.S] : []))
    .filter((sk) => Number(sk.slice(0, 13)) <= untilMs)
    .filter((sk) => table.stoodSince({ pk, sk }, askedMs - LAG_MAX_MS));
  if (count < Math.min(countMax, stood.length))
    fail(witness, `${count} of ${stood.length} are listed of ${pk}`);
}
