import { SegmentedMessage } from 'sms-segments-calculator';
import { type AlertRow, formatKey, type TargetState } from '../../../lib/domain/ledger-row.ts';
import type { Published } from '../ports/publisher-model.ts';
import type { World } from '../world.ts';

/** What a run must have shown before its figures mean anything. @throws Error naming the promise it broke. */
export function mustHold({ simulation }: World): void {
  const { violation } = simulation;
  if (violation !== undefined) throw new Error(`${violation.invariant} is broken: ${violation.detail}`);
}

/** Alerts that a message names or counts for every target, but for SMS that were over budget, which an e-mail stands in for. */
export function alertsTold(world: World): number {
  return [...world.truth.rows.values()].filter((row) => {
    const states = Object.values(row.to);
    return (
      states.some((state) => isTold(world, row, state)) &&
      states.every((state) => isTold(world, row, state) || isOverBudget(state))
    );
  }).length;
}

function isTold({ publisher }: World, row: AlertRow, state: TargetState): boolean {
  if (state.is !== 'sent') return false;
  return publisher.byMessageId.get(state.messageId)?.rowIds.includes(formatKey(row.key)) === true;
}

function isOverBudget(state: TargetState): boolean {
  return state.is === 'suppressed' && state.because === 'sms-budget';
}

/** When each row was first told to any target. */
export function firstToldMs(published: readonly Published[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const { rowIds, startedMs } of published) {
    for (const rowId of rowIds) if (!first.has(rowId)) first.set(rowId, startedMs);
  }
  return first;
}

/** Most messages to one target within any second. */
export function messagesPerSecondMax(published: readonly Published[]): number {
  let most = 0;
  for (const ofTarget of Map.groupBy(published, (one) => one.target).values()) {
    const times = ofTarget.map((one) => one.startedMs).sort((a, b) => a - b);
    let first = 0;
    for (const [index, atMs] of times.entries()) {
      while ((times[first] ?? atMs) <= atMs - 1_000) first += 1;
      most = Math.max(most, index - first + 1);
    }
  }
  return most;
}

/** Parts a carrier would bill. */
export function smsParts(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + new SegmentedMessage(text).segmentsCount, 0);
}
