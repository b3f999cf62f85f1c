import { hash } from 'node:crypto';
import type { Event } from '../domain/event.ts';
import type { SourceRow } from '../ports/event-source.ts';
import { parseEventDate } from './dates.ts';

/** Deeper than any record of the API; below it a record is not looked at. */
const DEPTH_MAX = 32;

/** Type of an event whose record names none. */
export const UNKNOWN_TYPE = 'unknown';

/** A list of events as answered, records not looked at. */
export type EventList = {
  readonly records: readonly unknown[];
  /** As the API says: hints. Undefined: it says nothing that is a count; a limit of 0 is none. */
  readonly totalCount: number | undefined;
  readonly limit: number | undefined;
};

/** What a body is. `found` names its shape and quotes nothing; `said` is an error it reports, not yet masked. */
export type ReadList =
  | { readonly kind: 'list'; readonly list: EventList }
  | { readonly kind: 'other'; readonly found: string; readonly said: string | undefined };

/** Reads a body as a list of events: bare, or under `data`. A body that also reports an error is none. */
export function readEventList(body: unknown): ReadList {
  if (Array.isArray(body)) {
    return { kind: 'list', list: { records: body, totalCount: undefined, limit: undefined } };
  }
  if (!isRecord(body)) return other(body === null ? 'null' : `a ${typeof body}`);
  if (reportsError(body)) {
    const { error, errors, message, detail, meta } = body;
    return other('an object that reports an error', canonicalJson({ error, errors, message, detail, meta }));
  }
  const { data, limit, total_count } = body;
  if (!Array.isArray(data))
    return other('data' in body ? 'an object whose data is no list' : 'an object without data');
  return {
    kind: 'list',
    list: { records: data, totalCount: readCount(total_count), limit: readCount(limit) || undefined },
  };
}

function other(found: string, said?: string): ReadList {
  return { kind: 'other', found, said };
}

/** An empty list beside an error would pass for "nothing happened". */
function reportsError(body: Readonly<Record<string, unknown>>): boolean {
  const meta = body['meta'];
  const isDenied = body['success'] === false || (isRecord(meta) && meta['success'] === false);
  return isDenied || isFilled(body['error']) || isFilled(body['errors']);
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function readCount(value: unknown): number | undefined {
  const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

/**
 * Reads one record. Odd fields are left out rather than the event; what is no object, or names neither id, type,
 * text nor date, becomes a row without an event. Never throws.
 */
export function readRecord(record: unknown, timeZone: string): SourceRow {
  const canonical = canonicalJson(record);
  const event = isRecord(record) ? readEvent(record, timeZone, canonical) : undefined;
  // Kept for every row of a reading, up to sixty thousand: the whole text would fill the memory.
  return { fingerprint: hash('sha256', canonical).slice(0, 32), event };
}

function readEvent(
  record: Readonly<Record<string, unknown>>,
  timeZone: string,
  canonical: string,
): Event | undefined {
  const id = readText(record['id']);
  const type = readText(record['type'])?.trim();
  const typeValue = readText(record['type_value']) ?? readNested(record['type_value']);
  const date = readText(record['date']);
  if ((id ?? type ?? typeValue ?? date) === undefined) return undefined;
  return {
    id,
    type: type ?? UNKNOWN_TYPE,
    typeId: readText(record['type_id']),
    typeValue,
    occurredAtMs: date === undefined ? undefined : parseEventDate(date, timeZone),
    campaignId: readText(record['campaign_id']),
    adId: readText(record['ad_id']),
    phone: readText(record['phone']),
    canonical: id === undefined ? canonical : '',
  };
}

/** Undefined for what is no text, and for text without a character to see. Otherwise untouched: ids are opaque. */
function readText(value: unknown): string | undefined {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text : undefined;
}

/** A chosen list or button may come as an object: its JSON still holds the words a rule looks for. */
function readNested(value: unknown): string | undefined {
  const isEmpty = typeof value !== 'object' || value === null || Object.keys(value).length === 0;
  return isEmpty ? undefined : canonicalJson(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON with sorted keys: the same for the same value, whatever order its fields came in. */
export function canonicalJson(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  // A body may be nested deeper than the stack goes.
  if (depth >= DEPTH_MAX) return '"…"';
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item, depth + 1)}`).join(',')}}`;
}
