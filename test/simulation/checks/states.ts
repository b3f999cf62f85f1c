import type { Target } from '../../../lib/domain/identity.ts';
import { type AlertRow, formatKey, type TargetState } from '../../../lib/domain/ledger-row.ts';
import { DAY_MS, HOUR_MS } from '../history.ts';
import type { Write } from '../ports/ledger-truth.ts';
import { violate } from '../simulation-state.ts';
import type { World } from '../world.ts';
import { changedTargets } from './rows.ts';

/** No plan reads further back than 28 days, from a bound of at most 26 hours ahead. */
const REACH_MS = 28 * DAY_MS + 26 * HOUR_MS;

/** What is sent was accepted under the message id that stands there. */
export function sentWasAccepted(world: World, write: Write): void {
  if (write.kind !== 'row') return;
  for (const [target, state] of changedTargets(write)) {
    if (state.is === 'sent') checkSent(world, write.rowId, target, state.messageId);
  }
}

/** What is sent, suppressed or failed stays so; a person alone takes back what has failed. */
export function finalStatesStay({ simulation }: World, write: Write): void {
  if (write.kind !== 'row') return;
  for (const [target, state, was] of changedTargets(write)) {
    if (isFinal(was) && !isTakenBack(was, state)) {
      violate(simulation, 'I2', `${target} of ${write.rowId} was final`);
    }
  }
}

export function failuresAreListed({ simulation, truth }: World, write: Write): void {
  if (write.kind !== 'row') return;
  for (const [target, state] of changedTargets(write)) {
    if (state.is === 'failed' && !truth.failed.has(`${target} ${write.rowId}`)) {
      violate(simulation, 'S6', `${target} of ${write.rowId} failed without an entry`);
    }
  }
}

/** Only what is settled expires, and later than any plan that is made until then reads back. */
export function rowsOutlivePlans({ simulation }: World, write: Write): void {
  if (write.kind !== 'row') return;
  const { key, to, expiresAtS, claimedAtMs }: AlertRow = write.after;
  if (expiresAtS === undefined) return;
  const isSettled = Object.values(to).every((state) => state.is !== 'open' && state.is !== 'held');
  if (!isSettled || expiresAtS * 1000 < claimedAtMs + REACH_MS) {
    violate(simulation, 'I10', `${formatKey(key)} expires at ${expiresAtS} s`);
  }
}

function isFinal(state: TargetState | undefined): boolean {
  return state?.is === 'sent' || state?.is === 'suppressed' || state?.is === 'failed';
}

function isTakenBack(before: TargetState | undefined, after: TargetState): boolean {
  return before?.is === 'failed' && after.is === 'held' && after.because === 'retry';
}

/** A message by SMS does not name its rule: which of two rows it was is learned here. */
function checkSent(world: World, rowId: string, target: Target, messageId: string): void {
  const message = world.publisher.byMessageId.get(messageId);
  if (message === undefined || message.target !== target) {
    violate(
      world.simulation,
      'I1',
      `${target} of ${rowId} is sent by ${messageId}, which was never accepted`,
    );
    return;
  }
  if (message.rowIds.includes(rowId)) return;
  const twin = message.rowIds.find((other) => {
    const state = world.truth.rows.get(other)?.to[target];
    return eventOf(other) === eventOf(rowId) && !(state?.is === 'sent' && state.messageId === messageId);
  });
  if (twin === undefined) {
    violate(
      world.simulation,
      'I1',
      `${target} of ${rowId} is sent by ${messageId}, which does not speak of it`,
    );
    return;
  }
  const mistaken = world.publisher.published.findLast(
    (one) => one.life === message.life && one.target === target && one.rowIds.includes(rowId),
  );
  message.rowIds = message.rowIds.map((other) => (other === twin ? rowId : other));
  if (mistaken !== undefined) {
    mistaken.rowIds = mistaken.rowIds.map((other) => (other === rowId ? twin : other));
  }
}

/** The part of a row's key that names app and event. */
function eventOf(rowId: string): string {
  return rowId.split('#').slice(0, 3).join('#');
}
