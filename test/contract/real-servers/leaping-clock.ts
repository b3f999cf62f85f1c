import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../../lib/ports/clock.ts';

export type LeapingClock = Clock & {
  /** Goes forward to a moment, unless it has passed. */
  leapTo(atMs: number): void;
};

/**
 * Runs as time does while somebody works, so that the adapters' time-outs mean what they say, and leaps over what would
 * only be waited for: a pause, or the minutes until a lease ends.
 */
export function leapingClock(): LeapingClock {
  let aheadMs = 0;
  const nowMs = (): number => Date.now() + aheadMs;
  const leapTo = (atMs: number): void => {
    aheadMs += Math.max(0, atMs - nowMs());
  };
  return {
    nowMs,
    leapTo,
    sleep: async (delayMs) => {
      const untilMs = nowMs() + delayMs;
      // What is under way meanwhile gets a little of its time.
      await delay(1);
      leapTo(untilMs);
    },
  };
}
