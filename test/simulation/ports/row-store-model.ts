import { type AlertRow, formatKey, type RowKey, type TargetStates } from '../../../lib/domain/ledger-row.ts';
import type { RowStore } from '../../../lib/ports/ledger.ts';
import { type CallKind, type Life, noteFailedWrite } from '../simulation-state.ts';
import { throughGate } from './gate.ts';
import { type LedgerParts, lagMs, ledgerCourse } from './ledger-network.ts';
import { asOf, noteRow } from './ledger-truth.ts';

const DAY_MS = 24 * 3_600_000;

/** A table deletes what is past its expiry some time within two days; here always after one. */
const CLEAN_UP_MS = DAY_MS;

/** Rows behind a network that fails; expired rows are gone, whatever is asked. */
export function rowStoreModel(parts: LedgerParts, life: Life): RowStore {
  const { simulation, store, truth, onWrite } = parts;
  const { rows } = store;
  const { generations } = truth;

  const isGone = (row: AlertRow | undefined): boolean =>
    row?.expiresAtS !== undefined && row.expiresAtS * 1000 + CLEAN_UP_MS < simulation.time.nowMs();
  /** A row that was deleted and claimed anew lives on under a key of its own in the store. */
  const stored = (key: RowKey): RowKey => ({
    ...key,
    sk: `${key.sk}${generations.get(formatKey(key)) ?? ''}`,
  });
  const readNow = async (key: RowKey): Promise<AlertRow | undefined> => {
    const row = await rows.read(stored(key));
    return row === undefined || isGone(row) ? undefined : { ...row, key };
  };

  async function write<T>(kind: CallKind, key: RowKey, apply: () => Promise<T>): Promise<T> {
    try {
      const course = ledgerCourse(simulation, true);
      return await throughGate(simulation, life, kind, formatKey(key), course, async () => {
        const before = await readNow(key);
        const result = await apply();
        const after = await readNow(key);
        if (after !== undefined && JSON.stringify(before) !== JSON.stringify(after)) {
          noteRow(truth, after, simulation.time.nowMs());
          onWrite({ kind: 'row', life, rowId: formatKey(key), before, after });
        }
        return result;
      });
    } catch (error) {
      noteFailedWrite(simulation, life, formatKey(key));
      throw error;
    }
  }

  return {
    lookUp: (keys) =>
      throughGate(simulation, life, 'rows.lookUp', '', ledgerCourse(simulation, false), async () => {
        const atMs = simulation.time.nowMs() - lagMs(simulation);
        const found = new Map<string, AlertRow>();
        for (const key of keys) {
          const row = asOf(truth.pastRows.get(formatKey(key)), atMs);
          if (row !== undefined && !isGone(row)) found.set(formatKey(key), row);
        }
        return found;
      }),
    read: async (key) => {
      const course = ledgerCourse(simulation, false);
      const row = await throughGate(simulation, life, 'rows.read', formatKey(key), course, () =>
        readNow(key),
      );
      if (row !== undefined) life.inPlay.set(formatKey(key), row);
      return row;
    },
    claim: async (row) => {
      const claim = await write('rows.claim', row.key, async () => {
        const stands = await rows.read(stored(row.key));
        if (isGone(stands)) generations.set(formatKey(row.key), `~${simulation.time.nowMs()}`);
        const result = await rows.claim({ ...row, key: stored(row.key) });
        return result.kind === 'claimed' ? result : { ...result, row: { ...result.row, key: row.key } };
      });
      life.inPlay.set(formatKey(row.key), claim.kind === 'claimed' ? row : claim.row);
      return claim;
    },
    record: (key, states, expiresAtS) => {
      noteDecided(life, key, states);
      return write('rows.record', key, () => rows.record(stored(key), states, expiresAtS));
    },
    flush: (key, target, state, expiresAtS) =>
      write('rows.flush', key, async () => {
        // As the table does: asked again after a lost answer, it finds its own write and says so.
        const before = await readNow(key);
        if (JSON.stringify(before?.to[target]) === JSON.stringify(state)) return before;
        const row = await rows.flush(stored(key), target, state, expiresAtS);
        return row === undefined ? undefined : { ...row, key };
      }),
    reopen: (key, target, state) => {
      if (life.kind !== 'operator')
        throw new Error(`${life.owner} took back what had failed: only a person may`);
      return write('rows.reopen', key, async () => {
        const row = await readNow(key);
        if (row === undefined) return undefined;
        const after = await rows.reopen(stored(key), target, state);
        return after === undefined ? undefined : { ...after, key };
      });
    },
    expire: (key, expiresAtS) => write('rows.expire', key, () => rows.expire(stored(key), expiresAtS)),
  };
}

/** What an invocation has decided to record it publishes no more: of twins it tells the other one. */
export function noteDecided(life: Life, key: RowKey, states: TargetStates): void {
  const row = life.inPlay.get(formatKey(key));
  if (row !== undefined) life.inPlay.set(formatKey(key), { ...row, to: { ...row.to, ...states } });
}
