import type { Receiver, Rule } from './alert-config.ts';
import { type Target, targetOf } from './identity.ts';
import type { HoldReason, SuppressReason, TargetState, TargetStates } from './ledger-row.ts';
import {
  DELAYED_FROM_MS,
  DIGEST_ABOVE,
  REFUSED_WAIT_MAX_MS,
  RULE_GONE_GRACE_MS,
  TROUBLE_MAX_MS,
  UNKNOWN_MAX,
} from './policy.ts';

/** The targets of a rule: every channel of every receiver it notifies. */
export function targetsOf(rule: Rule, receivers: readonly Receiver[]): readonly Target[] {
  return receivers
    .filter((receiver) => rule.notify.includes(receiver.name))
    .flatMap((receiver) => [
      ...(receiver.email ? [targetOf(receiver.name, 'email')] : []),
      ...(receiver.sms ? [targetOf(receiver.name, 'sms')] : []),
    ]);
}

/** How many alerts of each rule each target was given in this tick, and how many of them late. Lives as long as the tick. */
export type StormTally = Map<string, { readonly told: number; readonly delayed: number }>;

export type DecisionMoment = {
  readonly nowMs: number;
  readonly tickMs: number;
  /** Alerts of one rule to one target that this publisher may send in one tick. */
  readonly stormShare: number;
  /** When the event occurred; undefined when nobody knows. */
  readonly occurredAtMs: number | undefined;
};

/**
 * Send now (`open`), or hold because this tick has already sent its share of this rule to this target: what an outage or
 * a backfill brings up has a smaller one, and is told as a digest above it.
 */
export function decideTarget(
  rule: string,
  target: Target,
  tally: StormTally,
  { nowMs, tickMs, stormShare, occurredAtMs }: DecisionMoment,
): TargetState {
  const isDelayed = occurredAtMs !== undefined && nowMs - occurredAtMs >= DELAYED_FROM_MS;
  const key = `${rule}|${target}`;
  const { told, delayed } = tally.get(key) ?? { told: 0, delayed: 0 };
  if (told >= stormShare) return held('storm', nowMs + tickMs);
  if (isDelayed && delayed >= DIGEST_ABOVE) return held('catch-up', nowMs + tickMs);
  tally.set(key, { told: told + 1, delayed: delayed + (isDelayed ? 1 : 0) });
  return { is: 'open' };
}

/** Every target of a match that was there before its rule started: recorded, never told. */
export function suppressAll(targets: readonly Target[], nowMs: number): TargetStates {
  return Object.fromEntries(targets.map((target) => [target, suppressed('before-start', nowMs)]));
}

type Held = Extract<TargetState, { is: 'held' }>;

/** What a publisher answered, in the words of the ledger. */
export type Attempt =
  | { readonly kind: 'accepted'; readonly messageId: string; readonly alertCount: number }
  | { readonly kind: 'refused'; readonly heals: boolean; readonly because: string }
  | { readonly kind: 'unknown'; readonly because: string }
  /** The invocation had no time left to begin. */
  | { readonly kind: 'no-time' }
  /** The receiver has had the SMS of this hour. */
  | { readonly kind: 'hour-full'; readonly untilMs: number }
  /** The receiver's SMS of this month are spent. */
  | { readonly kind: 'month-spent' };

/** What an attempt leads to besides what came of it. */
export type AttemptMoment = Pick<DecisionMoment, 'nowMs' | 'tickMs'> & {
  /** Whether the same alert goes to the receiver by e-mail as well. */
  readonly alsoByEmail: boolean;
};

/** The state after an attempt: sent, tried again later, not told by this channel, or given up with the reason. */
export function settleAttempt(before: TargetState, attempt: Attempt, moment: AttemptMoment): TargetState {
  const { nowMs, tickMs, alsoByEmail } = moment;
  switch (attempt.kind) {
    case 'accepted':
      return { is: 'sent', messageId: attempt.messageId, atMs: nowMs, alertCount: attempt.alertCount };
    case 'no-time':
      return { ...held('deadline', nowMs + tickMs), ...troubleOf(before) };
    case 'hour-full':
      return { ...held('sms-hour', attempt.untilMs), ...troubleOf(before) };
    case 'month-spent':
      return alsoByEmail
        ? suppressed('sms-budget', nowMs)
        : failed('the monthly SMS budget is spent, and the receiver has no e-mail', nowMs);
    case 'refused':
    case 'unknown':
      return settleTrouble(troubleOf(before), attempt, moment);
  }
}

type Trouble = Pick<Held, 'unknownCount' | 'troubledSinceMs' | 'lastError'>;

/** Tried again later, or given up: refused for good, too often unknown, or for too long. */
function settleTrouble(
  before: Trouble,
  attempt: Extract<Attempt, { kind: 'refused' | 'unknown' }>,
  { nowMs, tickMs }: AttemptMoment,
): TargetState {
  const troubledSinceMs = before.troubledSinceMs ?? nowMs;
  const unknownCount = before.unknownCount + (attempt.kind === 'unknown' ? 1 : 0);
  if (attempt.kind === 'refused' && !attempt.heals) return failed(attempt.because, nowMs);
  if (unknownCount >= UNKNOWN_MAX) {
    return failed(`${UNKNOWN_MAX} attempts of unknown outcome; the last: ${attempt.because}`, nowMs);
  }
  if (nowMs - troubledSinceMs >= TROUBLE_MAX_MS) {
    return failed(`not accepted for 24 hours; the last answer: ${attempt.because}`, nowMs);
  }
  const waitMs =
    attempt.kind === 'unknown'
      ? // Each try may arrive: further apart, a short outage of the service costs fewer of them.
        tickMs * 5 ** (unknownCount - 1)
      : Math.min(Math.max(tickMs, nowMs - troubledSinceMs), REFUSED_WAIT_MAX_MS);
  return { ...held(attempt.kind, nowMs + waitMs), unknownCount, troubledSinceMs, lastError: attempt.because };
}

function troubleOf(before: TargetState): Trouble {
  if (before.is !== 'held') return { unknownCount: 0, troubledSinceMs: undefined, lastError: undefined };
  const { unknownCount, troubledSinceMs, lastError } = before;
  return { unknownCount, troubledSinceMs, lastError };
}

/** A receiver that is not in the file: perhaps not yet, while old and new code overlap; for good after that. */
export function withoutReceiver(
  claimedAtMs: number,
  moment: Pick<DecisionMoment, 'nowMs' | 'tickMs'>,
): TargetState {
  return moment.nowMs - claimedAtMs < RULE_GONE_GRACE_MS
    ? held('no-receiver', moment.nowMs + moment.tickMs)
    : suppressed('no-receiver', moment.nowMs);
}

/** The state of a target that is not told, for good. `by`: the row that was told instead. */
export function suppressed(because: SuppressReason, atMs: number, by?: string): TargetState {
  return { is: 'suppressed', because, atMs, by };
}

function held(because: HoldReason, untilMs: number): Held {
  return {
    is: 'held',
    untilMs,
    because,
    unknownCount: 0,
    troubledSinceMs: undefined,
    lastError: undefined,
  };
}

function failed(because: string, nowMs: number): TargetState {
  return { is: 'failed', because, atMs: nowMs };
}
