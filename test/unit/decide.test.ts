import { describe, expect, it } from 'vitest';
import {
  type Attempt,
  decideTarget,
  type StormTally,
  settleAttempt,
  targetsOf,
  withoutReceiver,
} from '../../lib/domain/decide.ts';
import type { TargetState } from '../../lib/domain/ledger-row.ts';
import { DELAYED_FROM_MS } from '../../lib/domain/policy.ts';
import { alertConfig, rule } from '../fixtures/alert-config.ts';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 22, 12);
const MOMENT = { nowMs: NOW, alsoByEmail: true, tickMs: MINUTE };
const OPEN: TargetState = { is: 'open' };

function heldOnce(changes: Partial<Extract<TargetState, { is: 'held' }>> = {}): TargetState {
  return {
    is: 'held',
    untilMs: NOW,
    because: 'refused',
    unknownCount: 0,
    troubledSinceMs: NOW - MINUTE,
    lastError: 'Throttled',
    ...changes,
  };
}

describe('what follows from an attempt', () => {
  it.for<{ name: string; before: TargetState; attempt: Attempt; after: Partial<Record<string, unknown>> }>([
    {
      name: 'accepted: sent, with the message id and how many alerts it told',
      before: OPEN,
      attempt: { kind: 'accepted', messageId: 'm-1', alertCount: 3 },
      after: { is: 'sent', messageId: 'm-1', atMs: NOW, alertCount: 3 },
    },
    {
      name: 'refused for now: held until the next tick',
      before: OPEN,
      attempt: { kind: 'refused', heals: true, because: 'Throttled' },
      after: { is: 'held', because: 'refused', untilMs: NOW + MINUTE, troubledSinceMs: NOW, unknownCount: 0 },
    },
    {
      name: 'refused for good: failed, with the reason',
      before: OPEN,
      attempt: { kind: 'refused', heals: false, because: 'InvalidParameter' },
      after: { is: 'failed', because: 'InvalidParameter', atMs: NOW },
    },
    {
      name: 'unknown: held and counted',
      before: OPEN,
      attempt: { kind: 'unknown', because: 'time-out' },
      after: { is: 'held', because: 'unknown', unknownCount: 1, lastError: 'time-out' },
    },
    {
      name: 'unknown for the second time: still held',
      before: heldOnce({ unknownCount: 1 }),
      attempt: { kind: 'unknown', because: 'time-out' },
      after: { is: 'held', unknownCount: 2, troubledSinceMs: NOW - MINUTE },
    },
    {
      name: 'unknown for the third time: failed, with the last reason',
      before: heldOnce({ unknownCount: 2 }),
      attempt: { kind: 'unknown', because: 'time-out' },
      after: { is: 'failed', because: expect.stringMatching(/^3 attempts.*time-out$/) },
    },
    {
      name: 'a refusal does not count as unknown',
      before: heldOnce({ unknownCount: 2 }),
      attempt: { kind: 'refused', heals: true, because: 'Throttled' },
      after: { is: 'held', unknownCount: 2 },
    },
    {
      name: 'refused for one millisecond less than a day: held',
      before: heldOnce({ troubledSinceMs: NOW - 24 * 60 * MINUTE + 1 }),
      attempt: { kind: 'refused', heals: true, because: 'NotFound' },
      after: { is: 'held' },
    },
    {
      name: 'refused for a day: failed, with the last answer',
      before: heldOnce({ troubledSinceMs: NOW - 24 * 60 * MINUTE }),
      attempt: { kind: 'refused', heals: true, because: 'NotFound' },
      after: { is: 'failed', because: expect.stringMatching(/24 hours.*NotFound$/) },
    },
    {
      name: 'no time left: held, and what went wrong before is kept',
      before: heldOnce({ unknownCount: 1 }),
      attempt: { kind: 'no-time' },
      after: {
        is: 'held',
        because: 'deadline',
        untilMs: NOW + MINUTE,
        unknownCount: 1,
        troubledSinceMs: NOW - MINUTE,
      },
    },
  ])('$name', ({ before, attempt, after }) => {
    expect(settleAttempt(before, attempt, MOMENT)).toMatchObject(after);
  });
});

describe('who hears of a match at once', () => {
  it('holds what is beyond the share of a rule and target in one tick', () => {
    const tally: StormTally = new Map();
    const decide = (name: string, target: 'sales/email' | 'sales/sms') =>
      decideTarget(name, target, tally, { ...MOMENT, stormShare: 2, occurredAtMs: NOW });
    expect([1, 2, 3].map(() => decide('order', 'sales/email').is)).toEqual(['open', 'open', 'held']);
    expect(decide('order', 'sales/sms').is).toBe('open');
    expect(decide('other', 'sales/email').is).toBe('open');
    expect(decide('order', 'sales/email')).toMatchObject({ because: 'storm', untilMs: NOW + MINUTE });
  });

  it('holds what is told late beyond three; with what is fresh it keeps to the share, and what is held takes nothing of it', () => {
    const tally: StormTally = new Map();
    const decide = (occurredAtMs: number | undefined) =>
      decideTarget('order', 'sales/email', tally, { ...MOMENT, stormShare: 5, occurredAtMs });
    const late = NOW - DELAYED_FROM_MS;
    expect([1, 2, 3, 4].map(() => decide(late).is)).toEqual(['open', 'open', 'open', 'held']);
    expect(decide(late)).toMatchObject({ because: 'catch-up', untilMs: NOW + MINUTE });
    expect([late + 1, undefined, NOW].map((at) => decide(at).is)).toEqual(['open', 'open', 'held']);
    expect(decide(late)).toMatchObject({ because: 'storm' });
  });

  it('waits ten minutes for a receiver that is not in the file', () => {
    const until = (claimedAtMs: number) => withoutReceiver(claimedAtMs, MOMENT);
    expect(until(NOW - 10 * MINUTE + 1)).toMatchObject({ because: 'no-receiver', untilMs: NOW + MINUTE });
    expect(until(NOW - 10 * MINUTE)).toMatchObject({ is: 'suppressed', because: 'no-receiver', atMs: NOW });
  });

  it('every channel of every receiver of the rule is a target', () => {
    const { receivers } = alertConfig();
    expect(targetsOf(rule('order', ['sales', 'owner']), receivers)).toEqual([
      'sales/email',
      'sales/sms',
      'owner/email',
    ]);
    expect(targetsOf(rule('order', ['nobody']), receivers)).toEqual([]);
  });
});
