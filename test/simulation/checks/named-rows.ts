import type { Target } from '../../../lib/domain/identity.ts';
import { type AlertRow, formatKey } from '../../../lib/domain/ledger-row.ts';
import { heldId, type Write } from '../ports/ledger-truth.ts';
import { violate } from '../simulation-state.ts';
import type { World } from '../world.ts';
import { entriesOf } from './rows.ts';

/** Whoever comes after a crash finds every open row by the state of its app. */
export function openRowsAreNamed(world: World, write: Write): void {
  const { truth, simulation } = world;
  if (write.kind === 'app') {
    const named = new Set(write.after.open);
    for (const rowId of truth.openRows.get(write.app) ?? []) {
      if (!named.has(rowId)) violate(simulation, 'S1', `${rowId} is open and not named any more`);
    }
  }
  if (write.kind === 'row') {
    const { app } = write.after.facts;
    const isOpen = truth.openRows.get(app)?.has(write.rowId) === true;
    if (isOpen && truth.apps.get(app)?.open.includes(write.rowId) !== true) {
      violate(simulation, 'S1', `${write.rowId} is open and not named`);
    }
  }
}

/** Whatever of row, reminder and app state is written, a held target is not left without something that leads to it. */
export function heldTargetsAreReminded(world: World, write: Write): void {
  if (write.kind === 'held') checkHeld(world, write.item.target, formatKey(write.item.key));
  if (write.kind === 'row') checkTargets(world, write.after);
  if (write.kind !== 'app') return;
  const named = new Set(write.after.open);
  for (const rowId of write.before?.open ?? []) {
    const row = world.truth.rows.get(rowId);
    if (row !== undefined && !named.has(rowId)) checkTargets(world, row);
  }
}

function checkTargets(world: World, row: AlertRow): void {
  for (const [target, state] of entriesOf(row)) {
    if (state.is === 'held') checkHeld(world, target, formatKey(row.key));
  }
}

function checkHeld({ truth, simulation }: World, target: Target, rowId: string): void {
  const row = truth.rows.get(rowId);
  const state = row?.to[target];
  if (row === undefined || state?.is !== 'held' || truth.held.has(heldId(target, rowId))) return;
  if (truth.apps.get(row.facts.app)?.open.includes(rowId) === true) return;
  // A person who takes it back has the entry until the reminder is put.
  if (state.because === 'retry' && truth.failed.has(`${target} ${rowId}`)) return;
  violate(simulation, 'S2', `${target} of ${rowId} is held and nothing reminds of it`);
}
