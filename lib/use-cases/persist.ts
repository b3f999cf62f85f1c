import type { Tick } from './tick.ts';

/** Retries of a record end this long before the invocation is killed. */
const END_MS = 2_000;
const FIRST_DELAY_MS = 200;

/**
 * Writes what has already been published, again and again until it is written or the invocation ends: every record
 * that is missing is a message that goes out once more. The wait is the clock port's, which retry libraries do not take.
 *
 * @throws the last error, when time is up.
 */
export async function persist<T>(tick: Tick, write: () => Promise<T>): Promise<T> {
  const { clock } = tick.ports;
  for (let delayMs = FIRST_DELAY_MS; ; delayMs *= 2) {
    try {
      return await write();
    } catch (error) {
      if (clock.nowMs() + delayMs >= tick.invocation.killAtMs - END_MS) throw error;
      await clock.sleep(delayMs);
    }
  }
}
