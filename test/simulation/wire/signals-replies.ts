import type { FailureReason } from '../../../lib/domain/app-state.ts';
import type { ApiRecord, ApiTraits, Version } from '../history.ts';
import { wallDateMs } from '../history.ts';

const MEGABYTE = new Uint8Array(1024 * 1024).fill(0x20);
/** More than any client should read. */
const MEGABYTES_TOO_LARGE = 9;

export const HTML =
  '<!doctype html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

/** What an API says under status 200 that is no list of events. */
export const ERROR_BODIES = [
  '{"error":{"code":500,"message":"internal error"}}',
  '{"success":false,"data":[],"total_count":0}',
  '{"data":[],"errors":["timeout"],"total_count":0,"limit":0,"offset":0}',
  '{"data":null}',
  '{"message":"Service temporarily unavailable"}',
  '{"meta":{"success":false},"data":[]}',
  '"ok"',
  'null',
  '{}',
] as const;

/** What stands in Retry-After and says nothing. */
export const ODD_WAITS = ['soon', '-30', '1.5', '', 'PT5M', '5 minutes'] as const;

/** Status by what is wrong. */
export const STATUS: Readonly<Record<FailureReason, number>> = {
  unauthorised: 401,
  forbidden: 403,
  gone: 404,
  'rate-limited': 429,
  rejected: 400,
  unavailable: 503,
  unreadable: 200,
};

/** A record as the API prints it: every documented field, null where it knows nothing. */
export function wireRecord(
  record: ApiRecord,
  { type, text }: Version,
  traits: ApiTraits,
): Readonly<Record<string, string | null>> {
  return {
    ...(record.id !== undefined && { id: record.id }),
    app_id: record.app.slice(record.app.indexOf('/') + 1),
    ad_id: null,
    campaign_id: null,
    phone: record.phone,
    type,
    type_id: null,
    type_value: text,
    date: record.undated ? null : wireDate(wallDateMs(record, traits), traits),
    conversation_id: null,
    conversation_expire_time: null,
    source_id: record.name,
  };
}

/** Text of a record that has no id, from which its identity is made: fields in the order of their names. */
export function canonicalText(record: ApiRecord, traits: ApiTraits): string {
  const fields = Object.entries(wireRecord(record, record.first, traits));
  return JSON.stringify(Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Without a zone, to the second or microsecond, or a day alone. */
function wireDate(shownMs: number, { dates, dateForm = 'plain' }: ApiTraits): string {
  const iso = new Date(shownMs).toISOString();
  if (dates === 'day') return iso.slice(0, 10);
  const text = iso.slice(0, 19);
  if (dateForm === 'plain') return text;
  return dateForm === 'spaced' ? text.replace('T', ' ') : `${text}.667000`;
}

export function jsonResponse(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } });
}

export function htmlResponse(status: number, headers: Record<string, string> = {}): Response {
  return new Response(HTML, { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers } });
}

/** An answer of which a part comes, and then the connection breaks, or cannot be unpacked. */
export function brokenResponse(text: string, code: 'UND_ERR_SOCKET' | 'Z_DATA_ERROR'): Response {
  const bytes = new TextEncoder().encode(text);
  let isBegun = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (!isBegun && code === 'UND_ERR_SOCKET') controller.enqueue(bytes);
      else controller.error(new TypeError('terminated', { cause: coded('the answer breaks off', code) }));
      isBegun = true;
    },
  });
  return new Response(body, { headers: { 'content-type': 'application/json' } });
}

/** Spaces without end. */
export function tooLargeResponse(): Response {
  let left = MEGABYTES_TOO_LARGE;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      left -= 1;
      if (left < 0) controller.close();
      else controller.enqueue(MEGABYTE);
    },
  });
  return new Response(body, { headers: { 'content-type': 'application/json' } });
}

/** As fetch fails when no answer comes. */
export function fetchFailure(cause: Error): TypeError {
  return new TypeError('fetch failed', { cause });
}

export function coded(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
