import { formatKey, type RowKey } from '../../../lib/domain/ledger-row.ts';
import { type Life, type Simulation, violate } from '../simulation-state.ts';
import type { AttributeItem, ItemKey } from './attribute-values.ts';
import { LAG_MAX_MS, type Table } from './table.ts';

/** One request of an invocation as it took effect at the table. */
export type Effect = {
  readonly kind: 'read' | 'written' | 'deleted';
  readonly id: string;
  /** Of an item that is swapped: whose write it is. */
  readonly w: string | undefined;
};

export type Witness = {
  readonly table: Table;
  readonly simulation: Simulation;
  /** Of each invocation, in turn. */
  readonly effects: WeakMap<Life, Effect[]>;
  /** The write id that was given out last. */
  readonly lastWriteId: () => string;
};

export function noteEffect(
  { effects }: Witness,
  life: Life,
  kind: Effect['kind'],
  { pk, sk }: ItemKey,
  item: AttributeItem | undefined,
): void {
  const w = item?.['w'];
  const effect = { kind, id: `${pk}|${sk}`, w: w !== undefined && 'S' in w ? w.S : undefined };
  const ofLife = effects.get(life);
  if (ofLife === undefined) effects.set(life, [effect]);
  else ofLife.push(effect);
}

/** What took effect for an invocation since it was asked. */
export function effectsFromNow(
  { effects }: Witness,
  life: Life,
): (kind: Effect['kind'], id: string) => Effect | undefined {
  const from = effects.get(life)?.length ?? 0;
  return (kind, id) =>
    effects.get(life)?.findLast((effect, index) => index >= from && effect.kind === kind && effect.id === id);
}

export function fail({ simulation }: Witness, detail: string): void {
  violate(simulation, 'S9', detail);
}

/** What a read leaves out may not have stood all the while. */
export function checkAbsent(witness: Witness, key: RowKey, askedMs: number): void {
  if (witness.table.stoodSince(key, askedMs - LAG_MAX_MS)) fail(witness, `${formatKey(key)} is left out`);
}
