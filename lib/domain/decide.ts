import type { Receiver, Rule } from './alert-config.ts';
import { type Target, targetOf } from './identity.ts';
import type { HoldReason, TargetState, TargetStates } from './ledger-row.ts';
import { REFUSED_WAIT_MAX_MS, RULE_GONE_GRACE_MS, TROUBLE_MAX_MS, UNKNOWN_MAX } from './policy.ts';

/** The targets of a rule: every channel of every receiver it notifies. */
export function targetsOf(rule: Rule, receivers: readonly Receiver[]): readonly Target[] {
  return receivers
    .filter((receiver) => rule.notify.includes(receiver.name))
    .flatMap((receiver) => [
      ...(receiver.email ? [targetOf(receiver.name, 'email')] : []),
      ...(receiver.sms ? [targetOf(receiver.name, 'sms')] : []),
    ]);
}

/** How many alerts of each rule each target was given in this tick. Lives as long as the tick. */
export type StormTally = Map<string, number>;

export type DecisionMoment = {
  readonly nowMs: number;
  readonly tickMs: number;
  /** Alerts of one rule to one target that this publisher may send in one tick. */
  readonly stormShare: number;
};

/** Send now (`open`), or hold because this tick has already sent its share of this rule to this target. */
export function decideTarget(
  rule: string,
  target: Target,
  tally: StormTally,
  moment: DecisionMoment,
): TargetState {
  const key = `${rule}|${target}`;
  const count = (tally.get(key) ?? 0) + 1;
  tally.set(key, count);
  return count <= moment.stormShare ? { is: 'open' } : held('storm', moment.nowMs + moment.tickMs);
}

/** Every target of a match that was there before its rule started: recorded, never told. */
export function suppressAll(targets: readonly Target[], nowMs: number): TargetStates {
  return Object.fromEntries(
    targets.map((target) => [target, { is: 'suppressed', because: 'before-start', atMs: nowMs } as const]),
  );
}

/** What a publisher answered, in the words of the ledger. */
export type Attempt =
  | { readonly kind: 'accepted'; readonly messageId: string; readonly alertCount: number }
  | { readonly kind: 'refused'; readonly heals: boolean; readonly because: string }
  | { readonly kind: 'unknown'; readonly because: string }
  /** The invocation had no time left to begin. */
  | { readonly kind: 'no-time' };

/** The state after an attempt: sent, tried again in a minute, or given up with the reason. */
export function settleAttempt(
  before: TargetState,
  attempt: Attempt,
  moment: Pick<DecisionMoment, 'nowMs' | 'tickMs'>,
): TargetState {
  const { nowMs, tickMs } = moment;
  if (attempt.kind === 'accepted') {
    return { is: 'sent', messageId: attempt.messageId, atMs: nowMs, alertCount: attempt.alertCount };
  }
  const unknownBefore = before.is === 'held' ? before.unknownCount : 0;
  const troubledBefore = before.is === 'held' ? before.troubledSinceMs : undefined;
  const lastError = before.is === 'held' ? before.lastError : undefined;
  if (attempt.kind === 'no-time') {
    return {
      ...held('deadline', nowMs + tickMs),
      unknownCount: unknownBefore,
      troubledSinceMs: troubledBefore,
      lastError,
    };
  }
  const troubledSinceMs = troubledBefore ?? nowMs;
  const unknownCount = unknownBefore + (attempt.kind === 'unknown' ? 1 : 0);
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

/** A receiver that is not in the file: perhaps not yet, while old and new code overlap; for good after that. */
export function withoutReceiver(
  claimedAtMs: number,
  moment: Pick<DecisionMoment, 'nowMs' | 'tickMs'>,
): TargetState {
  return moment.nowMs - claimedAtMs < RULE_GONE_GRACE_MS
    ? held('no-receiver', moment.nowMs + moment.tickMs)
    : { is: 'suppressed', because: 'no-receiver', atMs: moment.nowMs };
}

function held(because: HoldReason, untilMs: number): Extract<TargetState, { is: 'held' }> {
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
