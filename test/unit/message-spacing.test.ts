import { expect, it } from 'vitest';
import { slotFrom, slotsOf } from '../../lib/domain/policy.ts';

const MINUTE_MS = Date.UTC(2026, 10, 22, 12);

/** When each of so many publishers sends, who all have much to send and begin about the minute. */
function sentBy(publisherCount: number): number[] {
  return Array.from({ length: publisherCount }, (_, publisherIndex) => {
    const slots = slotsOf({ tickMs: 60_000, turnRowsMax: 200, publisherCount, publisherIndex });
    const first = slotFrom(MINUTE_MS + ((publisherIndex * 37) % 900), slots);
    return Array.from({ length: 20 }, (__, index) => first + index * slots.spacingMs);
  }).flat();
}

it.for([1, 2, 3, 5, 8, 11, 21, 100])(
  '%s publishers together send five messages in no second more',
  (count) => {
    const sent = sentBy(count).sort((a, b) => a - b);
    const most = Math.max(
      ...sent.map((fromMs) => sent.filter((at) => at >= fromMs && at < fromMs + 1_000).length),
    );
    expect(most).toBeLessThanOrEqual(5);
  },
);

it('a slot is never before it was asked for, and at most one spacing later', () => {
  const slots = { spacingMs: 600, phaseMs: 200 };
  expect([0, 199, 200, 201, 800, 801].map((at) => slotFrom(at, slots))).toEqual([
    200, 200, 200, 800, 800, 1_400,
  ]);
});
