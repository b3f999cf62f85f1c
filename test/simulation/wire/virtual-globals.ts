import type { VirtualTime } from '../ports/virtual-time.ts';
import type { Random } from '../random.ts';

/** When a signal that was made under virtual time aborts. */
const abortsAtMs = new WeakMap<AbortSignal, number>();

/** Whose time the globals show; undefined: the machine's. */
let isTakenOver = false;

/**
 * From here on timers, time-outs, the present and chance are those of one history, for the libraries below the adapters
 * too. Returns what gives the machine's back.
 *
 * @throws Error when another history already has them: both would run on one time.
 */
export function takeOverGlobals(time: VirtualTime, random: Random): () => void {
  if (isTakenOver) throw new Error('expected one history at a time in this thread, another is still running');
  isTakenOver = true;
  const real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    timeout: AbortSignal.timeout,
    random: Math.random,
    now: Date.now,
  };
  const timers = virtualTimers(time);
  globalThis.setTimeout = timers.set as unknown as typeof setTimeout;
  globalThis.clearTimeout = timers.clear as unknown as typeof clearTimeout;
  AbortSignal.timeout = (delayMs) => abortingAt(time, time.nowMs() + delayMs);
  Math.random = random.next;
  Date.now = time.nowMs;
  return () => {
    isTakenOver = false;
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = real.clearTimeout;
    AbortSignal.timeout = real.timeout;
    Math.random = real.random;
    Date.now = real.now;
  };
}

/**
 * When a signal aborts; infinity where there is none.
 *
 * @throws Error for a signal whose end is not known in advance.
 */
export function abortMsOf(signal: AbortSignal | null | undefined): number {
  if (signal === undefined || signal === null) return Number.POSITIVE_INFINITY;
  const atMs = abortsAtMs.get(signal);
  if (atMs === undefined) throw new Error('the wire knows only signals of AbortSignal.timeout');
  return atMs;
}

function abortingAt(time: VirtualTime, atMs: number): AbortSignal {
  const controller = new AbortController();
  time.at(atMs, () => {
    controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  });
  abortsAtMs.set(controller.signal, atMs);
  return controller.signal;
}

type Timer = { isOn: boolean; readonly ref: () => Timer; readonly unref: () => Timer };

function virtualTimers(time: VirtualTime) {
  return {
    set: (
      run: (...values: readonly unknown[]) => void,
      delayMs = 0,
      ...values: readonly unknown[]
    ): Timer => {
      const timer: Timer = { isOn: true, ref: () => timer, unref: () => timer };
      time.at(time.nowMs() + delayMs, () => {
        if (timer.isOn) run(...values);
      });
      return timer;
    },
    clear: (timer: Timer | undefined): void => {
      if (typeof timer === 'object') timer.isOn = false;
    },
  };
}
