import { type AppKey, appKey } from '../../../lib/domain/identity.ts';
import { type ApiTraits, DAY_MS } from '../history.ts';
import { offsetMs } from './zones.ts';

/** Get Events as it comes over the wire; bounds as the clocks on the API's wall show them. */
export type EventsRequest = {
  readonly app: AppKey;
  readonly from: Bound;
  readonly to: Bound;
  readonly limit: number;
  readonly offset: number;
};

export type Bound = { readonly wallMs: number; readonly isDay: boolean };

/** Longest that the clock of a function may be ahead of the API's. */
const SKEW_MS = 5_000;

const PATH = /^\/v1\/clients\/([\w-]+)\/apps\/([\w-]+)\/events$/;

/** Undefined: the API does not know such a path, or refuses a parameter. */
export function parseEventsRequest(url: URL): EventsRequest | undefined {
  const [, client, app] = PATH.exec(url.pathname) ?? [];
  const { date_from, date_to, limit = '', offset = '0', ...odd } = Object.fromEntries(url.searchParams);
  const from = parseBound(date_from);
  const to = parseBound(date_to);
  const isKnown = client !== undefined && app !== undefined && Object.keys(odd).length === 0;
  if (!isKnown || from === undefined || to === undefined) return undefined;
  const rows = Number(limit);
  if (!(rows >= 1 && rows <= 1000 && Number(offset) >= 0)) return undefined;
  return { app: appKey(client, app), from, to, limit: rows, offset: Number(offset) };
}

/** Whether the API refuses bounds of this form. */
export function refusesBounds(
  { from, to }: EventsRequest,
  { refuses, shiftMs, zone = 'UTC' }: ApiTraits,
  nowMs: number,
): boolean {
  if (from.wallMs > to.wallMs) return true;
  if ((refuses === 'time-of-day' || refuses === 'both') && !(from.isDay && to.isDay)) return true;
  if (refuses !== 'future' && refuses !== 'both') return false;
  // One whose dates run behind those it is asked in could not be asked for the present: it is lenient there.
  const latestMs = nowMs + offsetMs(zone, nowMs) + Math.max(0, shiftMs) + SKEW_MS;
  return to.wallMs > latestMs;
}

/** Which dates on the wall are within the bounds. */
export function isWithin({ from, to }: EventsRequest, { bounds }: ApiTraits): (shownMs: number) => boolean {
  if (bounds === 'whole-days' || from.isDay || to.isDay) {
    const firstMs = floorToDay(from.wallMs);
    const lastMs = floorToDay(to.wallMs) + DAY_MS;
    return (shownMs) => shownMs >= firstMs && shownMs < lastMs;
  }
  if (bounds === 'inclusive') return (shownMs) => shownMs >= from.wallMs && shownMs <= to.wallMs;
  return (shownMs) => shownMs > from.wallMs && shownMs < to.wallMs;
}

function parseBound(text: string | undefined): Bound | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2})?$/.test(text)) return undefined;
  const isDay = text.length === 10;
  return { wallMs: Date.parse(isDay ? text : `${text}Z`), isDay };
}

function floorToDay(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}
