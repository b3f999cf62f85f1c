import type { Window } from './event.ts';

/** How far event time is read without a hole from `fromMs`, given windows in any order. */
export function readUntil(fromMs: number, covered: readonly Window[]): number {
  let untilMs = fromMs;
  for (const window of [...covered].sort((a, b) => a.fromMs - b.fromMs)) {
    if (window.fromMs > untilMs) break;
    untilMs = Math.max(untilMs, window.untilMs);
  }
  return untilMs;
}

/** The windows without the whole of those that hold a time of `timesMs`: what was read but not yet secured. */
export function withoutTimes(covered: readonly Window[], timesMs: readonly number[]): readonly Window[] {
  return covered.flatMap((window) => {
    // Not spread into Math.min, which takes no more than some hundred thousand arguments.
    const earliestMs = timesMs
      .filter((at) => at >= window.fromMs && at < window.untilMs)
      .reduce((earliest, at) => Math.min(earliest, at), Number.POSITIVE_INFINITY);
    if (!Number.isFinite(earliestMs)) return [window];
    return earliestMs > window.fromMs ? [{ fromMs: window.fromMs, untilMs: earliestMs }] : [];
  });
}
