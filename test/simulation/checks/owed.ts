import type { Target } from '../../../lib/domain/identity.ts';
import { type AlertRow, formatKey, type SuppressReason } from '../../../lib/domain/ledger-row.ts';
import { phaseAt } from '../history.ts';
import { violate } from '../simulation-state.ts';
import { hashOf, type Owed, owedAtEnd } from '../truth.ts';
import { observedOf, type World } from '../world.ts';
import { mayWait } from './drained.ts';
import { findRow } from './rows.ts';

/** Everything that must have become something by the end. */
export function owedIn(world: World): readonly Owed[] {
  const { config } = phaseAt(world.history, world.history.endMs);
  return owedAtEnd(world.history, observedOf(world), config);
}

export function owedIsSettled(world: World): void {
  for (const one of owedIn(world)) checkOwed(world, one);
}

function checkOwed(world: World, { app, record, rule }: Owed): void {
  const { truth, history } = world;
  const { config } = phaseAt(history, history.endMs);
  const row = findRow(truth.rows, app.key, hashOf(record), rule.name);
  const name = `${record.name} for ${rule.name}`;
  if (row === undefined) {
    violate(world.simulation, 'I1', `${name} has no row`);
    return;
  }
  for (const receiver of config.receivers) {
    if (!rule.notify.includes(receiver.name)) continue;
    for (const channel of ['email', 'sms'] as const) {
      if (receiver[channel] === undefined) continue;
      checkTarget(world, row, `${receiver.name}/${channel}`, name);
    }
  }
}

function checkTarget(world: World, row: AlertRow, target: Target, name: string): void {
  const state = row.to[target];
  const rowId = formatKey(row.key);
  const mayLack = world.history.phases.length > 1;
  if (state === undefined && mayLack) return;
  if (state?.is === 'sent') {
    const message = world.publisher.byMessageId.get(state.messageId);
    if (message?.rowIds.includes(rowId) !== true)
      violate(world.simulation, 'I1', `${name}: no message tells ${target}`);
    return;
  }
  if (state?.is === 'failed' && world.truth.failed.has(`${target} ${rowId}`)) return;
  if (state?.is === 'suppressed' && maySuppress(state.because, mayLack)) return;
  if (mayWait(world, row, target, state)) return;
  violate(world.simulation, 'I1', `${name} is ${JSON.stringify(state)} for ${target}`);
}

/** That another was told in place of what cools down or is over budget is checked where it is written. */
function maySuppress(because: SuppressReason, mayLack: boolean): boolean {
  return because === 'no-receiver' ? mayLack : because !== 'before-start';
}
