import { DateTime } from 'luxon';

const DELAY_SAID_FROM_MS = 5 * 60_000;
const UNITS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1000 },
] as const;

/** Date, time and zone as a person says them; undefined when the moment is unknown or outside the calendar. */
export function longTime(atMs: number | undefined, timeZone: string): string | undefined {
  const at = localTime(atMs, timeZone);
  return at === undefined ? undefined : `${at.toFormat('ccc d LLL yyyy, HH:mm:ss')} (${zoneName(at)})`;
}

/** Time of day, with the date when it is not today's; undefined when the moment is unknown. */
export function shortTime(atMs: number | undefined, nowMs: number, timeZone: string): string | undefined {
  const at = localTime(atMs, timeZone);
  if (at === undefined) return undefined;
  const now = localTime(nowMs, timeZone);
  if (now?.hasSame(at, 'day')) return at.toFormat('HH:mm');
  return at.toFormat(now?.hasSame(at, 'year') ? 'd LLL HH:mm' : 'd LLL yyyy HH:mm');
}

/** The moment inside a sentence: `at 15:04`, or `on 21 Nov at 15:04` when that was not today. */
export function timeInSentence(
  atMs: number | undefined,
  nowMs: number,
  timeZone: string,
): string | undefined {
  const short = shortTime(atMs, nowMs, timeZone);
  if (short === undefined) return undefined;
  const [time, ...date] = short.split(' ').reverse();
  return date.length === 0 ? `at ${time}` : `on ${date.reverse().join(' ')} at ${time}`;
}

/** Zone and its present offset, as in `GMT-3, America/Sao_Paulo`. */
export function zoneOf(nowMs: number, timeZone: string): string {
  const now = localTime(nowMs, timeZone);
  return now === undefined ? 'UTC' : zoneName(now);
}

/** The two largest units of a span, as in `2 h 5 min`; `0 s` for anything shorter than a second. */
export function span(durationMs: number): string {
  const at = UNITS.findIndex(({ ms }) => durationMs >= ms);
  const [large, small] = at === -1 ? [] : UNITS.slice(at, at + 2);
  if (large === undefined) return '0 s';
  if (small === undefined) return `${Math.floor(durationMs / large.ms)} ${large.name}`;
  const restCount = Math.floor((durationMs % large.ms) / small.ms);
  const rest = restCount === 0 ? '' : ` ${restCount} ${small.name}`;
  return `${Math.floor(durationMs / large.ms)} ${large.name}${rest}`;
}

/** How late this is told, when that is more than a reader would expect; undefined otherwise. */
export function delay(occurredAtMs: number | undefined, nowMs: number): string | undefined {
  const lateMs = nowMs - (occurredAtMs ?? nowMs);
  return lateMs > DELAY_SAID_FROM_MS ? span(lateMs) : undefined;
}

function localTime(atMs: number | undefined, timeZone: string): DateTime<true> | undefined {
  if (atMs === undefined || !Number.isFinite(atMs)) return undefined;
  const options = { locale: 'en' };
  const at = DateTime.fromMillis(atMs, { ...options, zone: timeZone });
  if (at.isValid) return at;
  const utc = DateTime.fromMillis(atMs, { ...options, zone: 'utc' });
  return utc.isValid ? utc : undefined;
}

function zoneName(at: DateTime<true>): string {
  const offset = at.offset === 0 ? 'UTC' : `GMT${at.toFormat('Z')}`;
  const zone = at.zoneName;
  return zone === 'UTC' || zone === offset ? offset : `${offset}, ${zone}`;
}
