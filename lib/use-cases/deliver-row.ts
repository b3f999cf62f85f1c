import type { Receiver } from '../domain/alert-config.ts';
import { type Attempt, settleAttempt, withoutReceiver } from '../domain/decide.ts';
import { receiverOf, type Target, targetOf } from '../domain/identity.ts';
import { type AlertRow, expiryOf, type TargetState, type TargetStates } from '../domain/ledger-row.ts';
import { renderAlert } from '../domain/render/alert.ts';
import { renderFallback } from '../domain/render/fallback.ts';
import { allDone } from './all-done.ts';
import { persist } from './persist.ts';
import { reserveSms } from './reserve-sms.ts';
import { receiverFor, type Tick } from './tick.ts';

/**
 * Publishes the open targets of a claimed row and records all of them in one write. Under the app's lease.
 *
 * Publish, then record: a crash between the two repeats a message, the other order would lose it. What failed
 * is on the failed list before the row says so, and what is held has its reminder only after the row says so:
 * a crash in between leaves the row named in the app's `open`, and this runs again.
 */
export async function deliverRow(tick: Tick, row: AlertRow): Promise<void> {
  const { ledger, telemetry } = tick.ports;
  const open = entriesOf(row.to).filter(([, state]) => state.is === 'open');
  const settled = Object.fromEntries(
    await allDone(
      open.map(async ([target, state]) => [target, await settleTarget(tick, row, target, state)] as const),
    ),
  );
  const to: TargetStates = { ...row.to, ...settled };
  if (open.length > 0) {
    const { listed, error } = await listFailures(tick, row, settled);
    // What was sent is recorded even where a failure could not be listed.
    const expiresAtS = expiryOf({ ...row, to: { ...row.to, ...listed } }, tick.ports.clock.nowMs());
    await persist(tick, () => ledger.rows.record(row.key, listed, expiresAtS));
    for (const state of Object.values(listed)) telemetry.count(measureOf(state), 1);
    if (error !== undefined) throw error;
  }
  for (const [target, state] of entriesOf(to)) {
    if (state.is === 'held') await ledger.held.put({ untilMs: state.untilMs, target, key: row.key });
  }
}

/** One alert to one target by itself: the full text, then plain text if SNS finds the full one invalid. */
export async function sendAlone(
  tick: Tick,
  row: AlertRow,
  target: Target,
  receiver: Receiver,
): Promise<Attempt> {
  const { channel } = receiverOf(target);
  const message = renderAlert(row.facts, channel, receiver, tick.ports.clock.nowMs());
  const overLimit = await reserveSms(tick, target, receiver, message, row.to[target]?.is === 'held');
  if (overLimit !== undefined) return overLimit;
  const attempt = await tick.sender(target, message, 1);
  if (attempt.kind !== 'refused' || attempt.heals) return attempt;
  tick.ports.telemetry.log('warn', 'SNS refused a text as invalid; sending plain text instead', {
    because: attempt.because,
    rule: row.facts.rule,
  });
  return tick.sender(target, renderFallback(row.facts, channel), 1);
}

async function settleTarget(
  tick: Tick,
  row: AlertRow,
  target: Target,
  state: TargetState,
): Promise<TargetState> {
  const { clock } = tick.ports;
  const { tickMs } = tick.pace;
  const receiver = receiverFor(tick.rulebook.config, target);
  if (receiver === undefined) return withoutReceiver(row.claimedAtMs, { nowMs: clock.nowMs(), tickMs });
  const attempt = await sendAlone(tick, row, target, receiver);
  return settleAttempt(state, attempt, {
    nowMs: clock.nowMs(),
    tickMs,
    alsoByEmail: goesByEmail(row, target),
  });
}

/** Whether the receiver is told of this alert by e-mail as well, or it is listed as failed. */
export function goesByEmail(row: AlertRow, target: Target): boolean {
  const email = row.to[targetOf(receiverOf(target).receiver, 'email')];
  return email !== undefined && email.is !== 'suppressed';
}

/**
 * Puts every failure on the failed list, before its row says so: the alarm looks at the list alone. `listed` are the
 * states that may be recorded, all but those whose entry could not be written.
 */
export async function listFailures(
  tick: Tick,
  row: AlertRow,
  states: TargetStates,
): Promise<{ readonly listed: TargetStates; readonly error: unknown }> {
  const { ledger, telemetry } = tick.ports;
  const listed: Record<Target, TargetState> = {};
  let error: unknown;
  for (const [target, state] of entriesOf(states)) {
    try {
      if (state.is === 'failed') {
        await ledger.failed.put({ atMs: state.atMs, target, key: row.key, because: state.because });
        telemetry.log('error', 'a delivery was given up', { rule: row.facts.rule, because: state.because });
      }
      listed[target] = state;
    } catch (caught) {
      error = caught;
    }
  }
  return { listed, error };
}

/** The metric that counts a state. */
export function measureOf(state: TargetState): 'Sent' | 'Held' | 'Suppressed' | 'Failed' {
  switch (state.is) {
    case 'sent':
      return 'Sent';
    case 'failed':
      return 'Failed';
    case 'suppressed':
      return 'Suppressed';
    case 'open':
    case 'held':
      return 'Held';
  }
}

function entriesOf(states: TargetStates): readonly (readonly [Target, TargetState])[] {
  return Object.entries(states) as unknown as readonly (readonly [Target, TargetState])[];
}
