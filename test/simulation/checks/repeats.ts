import type { Target } from '../../../lib/domain/identity.ts';
import type { AlertRow } from '../../../lib/domain/ledger-row.ts';
import type { Published } from '../ports/publisher-model.ts';
import { violate } from '../simulation-state.ts';
import type { World } from '../world.ts';

type Count = { accepted: number; excused: number; unknown: number };

/** Accepted publishes of one alert to one target, less one, are no more than excuses for another. */
export function repeatsAreExcused(world: World): void {
  const counts = new Map<string, Count>();
  for (const one of world.publisher.published) {
    for (const rowId of one.rowIds) countIn(world, counts, one, rowId);
  }
  for (const [id, { accepted, excused, unknown }] of counts) {
    if (accepted - 1 > excused + unknown) {
      violate(
        world.simulation,
        'I2',
        `${id}: accepted ${accepted} times, ${unknown} unknown, ${excused} not recorded`,
      );
    }
  }
}

function countIn(world: World, counts: Map<string, Count>, one: Published, rowId: string): void {
  const id = `${one.target} ${rowId}`;
  const count = counts.get(id) ?? { accepted: 0, excused: 0, unknown: 0 };
  counts.set(id, count);
  if (one.messageId !== undefined) count.accepted += 1;
  if (one.told === 'unknown') count.unknown += 1;
  else if (isExcused(world, one, rowId)) count.excused += 1;
}

/** Taken, but the invocation died before it was recorded, or the record failed. */
function isExcused(world: World, { life, target, messageId }: Published, rowId: string): boolean {
  if (messageId === undefined) return false;
  const couldNot =
    life.end === 'crashed' || life.end === 'timed-out' || (life.failedWrites.get(rowId) ?? 0) > 1;
  return couldNot && !isRecorded(world.truth.rows.get(rowId), target, messageId);
}

function isRecorded(row: AlertRow | undefined, target: Target, messageId: string): boolean {
  const state = row?.to[target];
  return state?.is === 'sent' && state.messageId === messageId;
}
