import { type History, MINUTE_MS } from '../history.ts';

/** The history with more ticks before its end, one a minute. */
export function withTicksAtEnd(history: History, count: number): History {
  const more = Array.from({ length: count }, (_, index) => history.endMs + index * MINUTE_MS);
  return { ...history, ticksMs: [...history.ticksMs, ...more], endMs: history.endMs + count * MINUTE_MS };
}
