import pLimit from 'p-limit';
import type { Receiver } from '../domain/alert-config.ts';
import { type Attempt, settleAttempt, withoutReceiver } from '../domain/decide.ts';
import { receiverOf, type Target } from '../domain/identity.ts';
import {
  type AlertFacts,
  type AlertRow,
  expiryOf,
  formatKey,
  type TargetState,
} from '../domain/ledger-row.ts';
import { DIGEST_ABOVE, WRITES_PER_APP_MAX } from '../domain/policy.ts';
import { renderDigest } from '../domain/render/digest.ts';
import { renderPlainDigest } from '../domain/render/fallback.ts';
import type { HeldItem } from '../ports/ledger.ts';
import { allDone } from './all-done.ts';
import { goesByEmail, listFailures, measureOf, sendAlone } from './deliver-row.ts';
import { persist } from './persist.ts';
import { reserveSms } from './reserve-sms.ts';
import { receiverFor, type Tick } from './tick.ts';

/** A due alert: its row as read consistently, and the reminders that named it. */
type Due = { readonly row: AlertRow; readonly state: TargetState; readonly items: readonly HeldItem[] };

/**
 * Publishes what is held and due for one target, alone or as a digest, and records each row that is still held.
 * Returns before when nothing should be published to the target again: after a refusal it needs a rest.
 */
export async function flushTarget(tick: Tick, target: Target, items: readonly HeldItem[]): Promise<number> {
  const due = await readDue(tick, target, items);
  if (due.length === 0) return 0;
  const nowMs = tick.ports.clock.nowMs();
  const receiver = receiverFor(tick.rulebook.config, target);
  const { tickMs } = tick.pace;
  if (receiver === undefined) {
    await recordAll(tick, target, due, ({ row }) => withoutReceiver(row.claimedAtMs, { nowMs, tickMs }));
    return 0;
  }
  const batches =
    due.length > DIGEST_ABOVE || (due.length > 1 && due.some(waitsForOthers))
      ? digestOf(tick, target, due, receiver)
      : due.map((one) => aloneOf(tick, target, one, receiver));
  return (await sendInTurn(tick, target, batches)) ? nowMs + tickMs : 0;
}

/** It was held to come with others: what is over an hour's SMS, and what an outage brings up. */
function waitsForOthers({ state }: Due): boolean {
  return state.is === 'held' && (state.because === 'sms-hour' || state.because === 'catch-up');
}

/** Reads each named row once, clears away reminders that are stale, and leaves what is truly held and due. */
async function readDue(tick: Tick, target: Target, items: readonly HeldItem[]): Promise<readonly Due[]> {
  const nowMs = tick.ports.clock.nowMs();
  const limit = pLimit(WRITES_PER_APP_MAX);
  const byRow = Map.groupBy(items, (item) => formatKey(item.key));
  const read = await allDone(
    [...byRow.values()].map((ofRow) => limit(() => readIfDue(tick, target, ofRow, nowMs))),
  );
  return read
    .filter((due) => due !== undefined)
    .sort((a, b) => happenedAt(a.row.facts) - happenedAt(b.row.facts));
}

/** `items` all name the same row. */
async function readIfDue(
  tick: Tick,
  target: Target,
  items: readonly HeldItem[],
  nowMs: number,
): Promise<Due | undefined> {
  const { ledger } = tick.ports;
  const [first] = items;
  if (first === undefined) return undefined;
  const row = await ledger.rows.read(first.key);
  const state = row?.to[target];
  if (row !== undefined && state?.is === 'held') {
    if (state.untilMs <= nowMs) return { row, state, items };
    // Put anew before the old ones go: a crash in between must not leave a held row without a reminder.
    await ledger.held.put({ untilMs: state.untilMs, target, key: first.key });
  }
  // The record may have been written by someone who died, or never learned of it, before letting the row go.
  if (row !== undefined && row.expiresAtS === undefined) await expireIfSettled(tick, row);
  await removeAll(tick, items);
  return undefined;
}

/** One message to the target, and the due alerts it tells. */
type Batch = {
  readonly covered: readonly Due[];
  readonly send: () => Promise<Attempt>;
};

function aloneOf(tick: Tick, target: Target, one: Due, receiver: Receiver): Batch {
  return { covered: [one], send: () => sendAlone(tick, one.row, target, receiver) };
}

/** As many messages as its size needs; each row is recorded with the message that names it. */
function digestOf(tick: Tick, target: Target, due: readonly Due[], view: Receiver): readonly Batch[] {
  const byFacts = new Map(due.map((one) => [one.row.facts, one]));
  const { channel } = receiverOf(target);
  const nowMs = tick.ports.clock.nowMs();
  return renderDigest([...byFacts.keys()], channel, view, nowMs).map(({ message, covers }) => ({
    covered: covers.map((facts) => byFacts.get(facts)).filter((one) => one !== undefined),
    send: async () => {
      const overLimit = await reserveSms(tick, target, view, message, true);
      if (overLimit !== undefined) return overLimit;
      const attempt = await tick.sender(target, message, covers.length);
      if (attempt.kind !== 'refused' || attempt.heals) return attempt;
      // One text may have spoilt it for all: the references alone are always valid.
      return tick.sender(target, renderPlainDigest(covers, channel), covers.length);
    },
  }));
}

/**
 * Sends one batch after the other and records each. What there is no time for stays held and due as it is. After a
 * refusal that may heal, or when the SMS of the hour or month are used up, the rest is not tried but goes the same way.
 * Returns whether there was such a refusal.
 */
async function sendInTurn(tick: Tick, target: Target, batches: readonly Batch[]): Promise<boolean> {
  let ofTheRest: Attempt | undefined;
  for (const { covered, send } of batches) {
    const attempt: Attempt = ofTheRest ?? (await send());
    if (attempt.kind === 'no-time') break;
    await recordAll(tick, target, covered, ({ row, state }) => settle(tick, row, target, state, attempt));
    if (goesForTheRest(attempt)) ofTheRest = attempt;
  }
  return ofTheRest?.kind === 'refused';
}

function goesForTheRest(attempt: Attempt): boolean {
  if (attempt.kind === 'refused') return attempt.heals;
  return attempt.kind === 'hour-full' || attempt.kind === 'month-spent';
}

/**
 * Records the new state of each row that is still held, then takes its reminders away; a row held on gets its
 * new reminder before the old one goes. What failed is on the failed list before its row says so.
 */
async function recordAll(
  tick: Tick,
  target: Target,
  due: readonly Due[],
  stateAfter: (due: Due) => TargetState,
): Promise<void> {
  const limit = pLimit(WRITES_PER_APP_MAX);
  await allDone(due.map((one) => limit(() => recordOne(tick, target, one, stateAfter(one)))));
}

async function recordOne(tick: Tick, target: Target, { row, items }: Due, after: TargetState): Promise<void> {
  const { ledger, telemetry, clock } = tick.ports;
  const { error } = await listFailures(tick, row, { [target]: after });
  if (error !== undefined) throw error;
  const expiresAtS = expiryOf({ ...row, to: { ...row.to, [target]: after } }, clock.nowMs());
  const written = await persist(tick, () => ledger.rows.flush(row.key, target, after, expiresAtS));
  telemetry.count(measureOf(after), 1);
  // Two targets of one row may be flushed at once, when neither sees the other settle.
  if (written !== undefined && written.expiresAtS === undefined) await expireIfSettled(tick, written);
  if (after.is === 'held') await ledger.held.put({ untilMs: after.untilMs, target, key: row.key });
  await removeAll(tick, items);
}

async function expireIfSettled(tick: Tick, row: AlertRow): Promise<void> {
  const expiresAtS = expiryOf(row, tick.ports.clock.nowMs());
  if (expiresAtS !== undefined) await tick.ports.ledger.rows.expire(row.key, expiresAtS);
}

async function removeAll(tick: Tick, items: readonly HeldItem[]): Promise<void> {
  for (const item of items) await tick.ports.ledger.held.remove(item);
}

function settle(
  tick: Tick,
  row: AlertRow,
  target: Target,
  before: TargetState,
  attempt: Attempt,
): TargetState {
  const nowMs = tick.ports.clock.nowMs();
  return settleAttempt(before, attempt, {
    nowMs,
    tickMs: tick.pace.tickMs,
    alsoByEmail: goesByEmail(row, target),
  });
}

function happenedAt(facts: AlertFacts): number {
  return facts.occurredAtMs ?? facts.seenAtMs;
}
