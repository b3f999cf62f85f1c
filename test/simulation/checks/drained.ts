import type { AppKey, Target } from '../../../lib/domain/identity.ts';
import { type AlertRow, formatKey, type TargetState } from '../../../lib/domain/ledger-row.ts';
import { DAY_MS, MINUTE_MS, phaseAt } from '../history.ts';
import { heldId } from '../ports/ledger-truth.ts';
import { violate } from '../simulation-state.ts';
import type { World } from '../world.ts';
import { entriesOf } from './rows.ts';

export function allIsDrained(world: World): void {
  const { truth, history } = world;
  const { config } = phaseAt(history, history.endMs);
  for (const { key, app } of config.apps) {
    const isPolled = config.rules.some(({ when }) => when.apps.length === 0 || when.apps.includes(app));
    if (isPolled) checkQuiet(world, key);
  }
  for (const row of truth.rows.values()) checkSettled(world, row);
  checkReminders(world);
}

function checkSettled(world: World, row: AlertRow): void {
  const name = formatKey(row.key);
  const unsettled = entriesOf(row).filter(([, state]) => state.is === 'open' || state.is === 'held');
  if (unsettled.some(([target, state]) => mayWait(world, row, target, state))) return;
  for (const [target] of unsettled) violate(world.simulation, 'I5', `${target} of ${name} is not settled`);
  if (row.expiresAtS === undefined && row.facts.occurredAtMs !== undefined)
    violate(world.simulation, 'I5', `${name} never expires`);
}

function checkReminders(world: World): void {
  const waiting = new Set(
    [...world.truth.rows.values()].flatMap((row) =>
      entriesOf(row)
        .filter(([target, state]) => mayWait(world, row, target, state))
        .map(([target]) => heldId(target, formatKey(row.key))),
    ),
  );
  const left = [...world.truth.held.keys()].filter((id) => !waiting.has(id));
  if (left.length > 0) violate(world.simulation, 'I5', `${left.length} reminders are left`);
}

/** What is found after the receiver had the SMS of that hour; and what was tried for less than a day at a topic that is gone. */
export function mayWait(
  world: World,
  row: AlertRow,
  target: Target,
  state: TargetState | undefined,
): boolean {
  const { endMs, ticksMs } = world.history;
  if (state?.is !== 'held') return false;
  if (world.simulation.gone.has(target)) return firstTriedMs(world, row, target) > endMs - DAY_MS;
  const isLate = row.claimedAtMs >= endMs - 15 * MINUTE_MS;
  return isLate && state.because === 'sms-hour' && state.untilMs > (ticksMs.at(-1) ?? endMs);
}

/** Since it was claimed, or a person sent it back. */
function firstTriedMs({ publisher, truth }: World, row: AlertRow, target: Target): number {
  const rowId = formatKey(row.key);
  const past = truth.pastRows.get(rowId);
  const sentBackMs = past?.findLast(({ value }) => value.to[target]?.is === 'failed')?.atMs ?? 0;
  const first = publisher.published.find(
    (one) => one.target === target && one.startedMs > sentBackMs && one.rowIds.includes(rowId),
  );
  return first?.startedMs ?? Number.POSITIVE_INFINITY;
}

function checkQuiet(world: World, app: AppKey): void {
  const state = world.truth.apps.get(app);
  if (state === undefined) {
    violate(world.simulation, 'I5', `${app} was never started`);
    return;
  }
  const { open, owner, backfill, seeding, failure, deepFailure, accepts, tiers } = state;
  const runs = [tiers.hourly.atMs, tiers.daily.atMs];
  const pending = [open[0], owner, backfill, seeding, failure, ...runs].filter((one) => one !== undefined);
  if (pending.length > 0) {
    violate(
      world.simulation,
      'I5',
      JSON.stringify({ app, open, owner, backfill, seeding, failure, deepFailure, accepts, tiers }),
    );
  }
}
