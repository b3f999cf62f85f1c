import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../ports/clock.ts';

/** Timers with a longer delay fire at once. */
const DELAY_MS_MAX = 2 ** 31 - 1;

/** The machine's clock: the only place that reads it. */
export function systemClock(): Clock {
  return {
    nowMs: () => Date.now(),
    sleep: async (delayMs) => {
      await delay(Math.min(Math.max(0, delayMs), DELAY_MS_MAX));
    },
  };
}
