import { setTimeout as delay } from 'node:timers/promises';

const PERIOD_MS = 500;

/** Asks until there is an answer. @throws Error saying what was waited for, how long, and why the last try failed. */
export async function eventually<T>(
  what: string,
  timeoutMs: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const untilMs = Date.now() + timeoutMs;
  let last = 'not yet';
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
      last = 'not yet';
    } catch (error) {
      last = String(error);
    }
    if (Date.now() > untilMs) throw new Error(`expected ${what} within ${timeoutMs} ms: ${last}`);
    await delay(PERIOD_MS);
  }
}
