import { DateTime } from 'luxon';

const WAIT_MS_MIN = 1000;
const WAIT_MS_MAX = 3_600_000;

/** The instant a Retry-After header asks for (seconds or HTTP date), 1 s to 1 h from now; undefined: it says nothing. */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  const atMs = /^\d+$/.test(text) ? nowMs + Number(text) * 1000 : DateTime.fromHTTP(text).toMillis();
  if (Number.isNaN(atMs)) return undefined;
  return Math.min(Math.max(atMs, nowMs + WAIT_MS_MIN), nowMs + WAIT_MS_MAX);
}
