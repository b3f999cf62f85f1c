import { readDate } from './wire-date.ts';
import { EVENT_TYPES, type WireEvent } from './wire-event.ts';
import type { DatedEvent } from './world.ts';

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1_000;
const KNOWN = ['date_from', 'date_to', 'ad_id', 'event_type', 'event_type_id', 'limit', 'offset'];

/** What a request for events asks for; bounds of event time belong to it. */
export type EventQuery = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly adId: string | undefined;
  readonly type: string | undefined;
  readonly typeId: string | undefined;
  readonly limit: number;
  readonly offset: number;
};

/** One mistake in a request, in the form FastAPI answers it. */
export type Mistake = {
  readonly loc: readonly ['query', string];
  readonly msg: string;
  readonly type: string;
};

/** The page the API answers. */
export type EventPage = {
  readonly data: readonly WireEvent[];
  readonly total_count: number;
  readonly offset: number;
  readonly limit: number;
};

/** Reads the parameters; every mistake is named, not only the first. */
export function parseEventQuery(
  parameters: URLSearchParams,
):
  | { readonly kind: 'query'; readonly query: EventQuery }
  | { readonly kind: 'invalid'; readonly mistakes: readonly Mistake[] } {
  const mistakes: Mistake[] = [];
  const reject = (name: string, msg: string, type: string) => {
    mistakes.push({ loc: ['query', name], msg, type });
    return undefined;
  };

  for (const name of new Set(parameters.keys())) {
    if (!KNOWN.includes(name)) reject(name, 'extra fields not permitted', 'value_error.extra');
    else if (parameters.getAll(name).length > 1) reject(name, 'given more than once', 'value_error');
  }
  const date = (name: string) => {
    const text = parameters.get(name);
    if (text === null) return reject(name, 'field required', 'value_error.missing');
    return readDate(text) ?? reject(name, 'invalid datetime format', 'value_error.datetime');
  };
  const whole = (name: string, range: { min: number; max: number; fallback: number }) => {
    const text = parameters.get(name);
    if (text === null) return range.fallback;
    if (!/^[+-]?\d{1,15}$/.test(text))
      return reject(name, 'value is not a valid integer', 'type_error.integer');
    if (Number(text) < range.min)
      return reject(
        name,
        `ensure this value is greater than or equal to ${range.min}`,
        'value_error.number.not_ge',
      );
    if (Number(text) > range.max)
      return reject(
        name,
        `ensure this value is less than or equal to ${range.max}`,
        'value_error.number.not_le',
      );
    return Number(text);
  };

  const from = date('date_from');
  const to = date('date_to');
  const limit = whole('limit', { min: 1, max: LIMIT_MAX, fallback: LIMIT_DEFAULT });
  const offset = whole('offset', { min: 0, max: Number.MAX_SAFE_INTEGER, fallback: 0 });
  const type = parameters.get('event_type') ?? undefined;
  if (type !== undefined && !EVENT_TYPES.some((known) => known === type)) {
    reject(
      'event_type',
      `value is not a valid enumeration member; permitted: ${EVENT_TYPES.join(', ')}`,
      'type_error.enum',
    );
  }
  if (mistakes.length > 0 || !from || !to || limit === undefined || offset === undefined)
    return { kind: 'invalid', mistakes };
  const adId = parameters.get('ad_id') ?? undefined;
  const typeId = parameters.get('event_type_id') ?? undefined;
  return {
    kind: 'query',
    query: { fromMs: from.firstMs, toMs: to.lastMs, adId, type, typeId, limit, offset },
  };
}

/** The page of an app's events (newest first) that a query asks for. */
export function selectPage(newestFirst: readonly DatedEvent[], query: EventQuery): EventPage {
  const { fromMs, toMs, adId, type, typeId, limit, offset } = query;
  const found = newestFirst.filter(
    ({ atMs, event }) =>
      atMs >= fromMs &&
      atMs <= toMs &&
      (adId === undefined || event.ad_id === adId) &&
      (type === undefined || event.type === type) &&
      (typeId === undefined || event.type_id === typeId),
  );
  const data = found.slice(offset, offset + limit).map(({ event }) => event);
  return { data, total_count: found.length, offset, limit };
}
