import { DateTime } from 'luxon';
import type { Accepts } from '../domain/app-state.ts';
import type { Window } from '../domain/event.ts';
import { parsePlainDate } from './plain-date.ts';

/** Added to both ends of every window, so that it does not matter whether a bound is inclusive or rounded. */
export const BOUND_WIDENING_MS = 2000;

const TIME_OF_DAY = "yyyy-MM-dd'T'HH:mm:ss";
const DAY = 'yyyy-MM-dd';

const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ] *(\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?) *(?:([Zz]|UTC|GMT)|([+-]\d{2}(?::?\d{2})?))?)?$/;

/**
 * Epoch milliseconds of a date as the API writes it: ISO with or without fraction and offset, a day alone, epoch
 * seconds or milliseconds, or an HTTP date. Without an offset it is read in `timeZone`. Undefined: not a date.
 */
export function parseEventDate(text: string, timeZone: string): number | undefined {
  const trimmed = text.trim();
  const plainMs = parsePlainDate(trimmed, timeZone);
  if (plainMs !== undefined) return plainMs;
  const epochMs = parseEpoch(trimmed);
  if (epochMs !== undefined) return epochMs;
  const match = DATE_TIME.exec(trimmed);
  const parsed =
    match === null ? DateTime.fromHTTP(trimmed) : DateTime.fromISO(toIso(match), { zone: timeZone });
  if (!parsed.isValid) return undefined;
  // An hour that clocks show twice is taken as the second: a new event must not seem older than a rule's start.
  return parsed.getPossibleOffsets().at(-1)?.toMillis();
}

function parseEpoch(text: string): number | undefined {
  if (/^\d{9,10}(?:\.\d+)?$/.test(text)) return Math.floor(Number(text) * 1000);
  return /^\d{12,13}$/.test(text) ? Number(text) : undefined;
}

function toIso([, day = '', time, utc, offset = '']: RegExpExecArray): string {
  return time === undefined ? day : `${day}T${time}${utc === undefined ? offset : 'Z'}`;
}

/** How the bounds of a window are written for one app. */
export type BoundStyle = {
  /** Zone of the API's zone-less dates. */
  readonly timeZone: string;
  readonly accepts: Pick<Accepts, 'future' | 'timeOfDay'>;
};

/** The query's bounds. */
export type Bounds = { readonly dateFrom: string; readonly dateTo: string };

/**
 * The bounds that hold every event of a window: without a zone, and either to the second or in whole days. They may
 * hold more; they hold less only where the API refuses the future.
 *
 * @throws RangeError when the window or the zone is none.
 */
export function formatBounds(window: Window, { accepts, timeZone }: BoundStyle, nowMs: number): Bounds {
  const latestMs = accepts.future ? Number.POSITIVE_INFINITY : floorToSecond(nowMs);
  const untilMs = Math.min(floorToSecond(window.untilMs + BOUND_WIDENING_MS + 999), latestMs);
  const fromMs = Math.min(floorToSecond(window.fromMs - BOUND_WIDENING_MS), untilMs);
  const from = wallTime(fromMs, timeZone);
  const until = wallTime(untilMs, timeZone);
  // Where clocks are set back inside the window, an hour is written twice and the end may read earlier than the start.
  const repeated = { minutes: Math.max(0, from.offset - until.offset) };
  const earliest = from.wall.minus(repeated);
  const latest = until.wall.plus(repeated);
  if (accepts.timeOfDay) {
    return { dateFrom: earliest.toFormat(TIME_OF_DAY), dateTo: latest.toFormat(TIME_OF_DAY) };
  }
  // An API that takes days may read the last one as its midnight: the day after holds it either way.
  const lastDay = accepts.future ? latest.plus({ days: 1 }) : latest;
  return { dateFrom: earliest.toFormat(DAY), dateTo: lastDay.toFormat(DAY) };
}

function floorToSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

/** What a clock on the wall shows, as a date-time in UTC so that adding to it crosses no change of clocks. */
function wallTime(ms: number, timeZone: string): { readonly wall: DateTime; readonly offset: number } {
  const local = DateTime.fromMillis(ms, { zone: timeZone });
  if (!local.isValid) throw new RangeError(`expected a time and a zone, got ${ms} in ${timeZone}`);
  return { wall: local.setZone('utc', { keepLocalTime: true }), offset: local.offset };
}
