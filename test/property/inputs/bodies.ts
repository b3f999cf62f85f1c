import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { freshAccepts } from '../../../lib/domain/app-progress.ts';
import type { PageAnswer } from '../../../lib/ports/event-source.ts';
import { signalsClient } from '../../../lib/signals/client.ts';
import { staticToken } from '../../../lib/signals/credentials.ts';
import { signalsEventSource } from '../../../lib/signals/event-source.ts';
import { appOf } from '../../fixtures/alert-config.ts';
import { NOW_MS } from '../../fixtures/alert-facts.ts';
import { anyText } from './any-text.ts';
import { fuzz, type Judgement } from './fuzz.ts';

const APP = appOf('c-123', '72822');
const CLOCK = { nowMs: () => NOW_MS, sleep: async () => undefined };
const REQUEST = {
  app: APP,
  window: { fromMs: NOW_MS - 60_000, untilMs: NOW_MS },
  offset: 0,
  accepts: freshAccepts(NOW_MS),
  deadlineMs: NOW_MS + 10_000,
};

/** Time-outs that are over are cleared away in a turn of the event loop, which answers without a network do not bring. */
const TURN_EVERY = 100;
let asked = 0;

/** What the event source makes of one answer, through the client that is deployed. */
async function ask(bytes: Uint8Array<ArrayBuffer>, status = 200): Promise<PageAnswer> {
  asked += 1;
  if (asked % TURN_EVERY === 0) await setImmediate();
  const client = signalsClient({
    baseUrl: 'https://api.example.com',
    credentials: staticToken('tok-EXAMPLE'),
    clock: CLOCK,
    fetch: async () => new Response(bytes, { status }),
    attemptTimeoutMs: 1_000,
    retryDelayMs: 0,
  });
  return await signalsEventSource(client, CLOCK).readPage(REQUEST);
}

const encoder = new TextEncoder();
const bytesOf = (body: unknown): Uint8Array<ArrayBuffer> => encoder.encode(JSON.stringify(body));

/** The records of a body that is a list of events and reports no error beside it; undefined for every other body. */
function recordsOf(bytes: Uint8Array): readonly unknown[] | undefined {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  if (Array.isArray(body)) return body;
  if (typeof body !== 'object' || body === null || !('data' in body)) return undefined;
  const reports = ['error' in body && body.error, 'success' in body && body.success === false];
  const isError = reports.some((said) => Boolean(said) && !(Array.isArray(said) && said.length === 0));
  return Array.isArray(body.data) && !isError ? body.data : undefined;
}

/** Neither is an answer made up, nor a record lost or doubled on the way. */
async function judgeBytes([bytes, status]: readonly [Uint8Array<ArrayBuffer>, number]): Promise<Judgement> {
  const answer = await ask(bytes, status);
  if (answer.kind === 'failed') return { judged: 1, mistakes: [] };
  const count = status === 200 ? recordsOf(bytes)?.length : undefined;
  if (count === undefined) return { judged: 1, mistakes: [`a page of ${answer.rows.length} rows`] };
  const isKept = answer.rows.length === count;
  return { judged: 1, mistakes: isKept ? [] : [`${answer.rows.length} rows of ${count} records`] };
}

/** A whole body is a page, and no beginning of it is. */
async function judgeCuts(body: unknown): Promise<Judgement> {
  const bytes = bytesOf(body);
  const whole = await ask(bytes);
  const mistakes = whole.kind === 'page' ? [] : [`the whole body: ${whole.detail}`];
  for (let length = 0; length < bytes.length; length += 1) {
    const answer = await ask(bytes.slice(0, length));
    if (answer.kind === 'page') mistakes.push(`a page of ${answer.rows.length} rows at byte ${length}`);
  }
  return { judged: bytes.length + 1, mistakes };
}

type Place = 'good' | 'odd';
type Placed = { readonly place: Place; readonly record: unknown };

/** What is odd in one record changes nothing for its neighbours. */
async function judgeRecords(placed: readonly Placed[]): Promise<Judgement> {
  const answer = await ask(bytesOf({ data: placed.map(({ record }) => record), total_count: placed.length }));
  if (answer.kind === 'failed') return { judged: 1, mistakes: [answer.detail] };
  const { rows } = answer;
  const lost = placed.flatMap(({ place }, index) =>
    place === 'good' && rows[index]?.event === undefined ? [`a good record is lost at ${index}`] : [],
  );
  const uncounted = rows.length === placed.length ? [] : [`${rows.length} rows of ${placed.length} records`];
  return { judged: 1, mistakes: [...lost, ...uncounted] };
}

const FIELDS = ['id', 'type', 'type_id', 'type_value', 'date', 'phone', 'ad_id', 'campaign_id', 'app_id'];
const good: fc.Arbitrary<Record<string, unknown>> = fc
  .tuple(fc.nat(), fc.constantFrom('keyword', 'converted', 'list_reply'), anyText)
  .map(([id, type, text]) => ({
    id: `wamid.${id}`,
    type,
    type_value: text.slice(0, 100),
    phone: '12025550143',
    date: '2026-11-22T15:04:05',
  }));
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc
    .tuple(
      good,
      fc.subarray(FIELDS),
      fc.dictionary(fc.constantFrom(...FIELDS, '__proto__', 'x'), fc.jsonValue()),
    )
    .map(([record, without, changes]) =>
      Object.fromEntries(
        Object.entries({ ...record, ...changes }).filter(([field]) => !without.includes(field)),
      ),
    ),
);
const placed: fc.Arbitrary<Placed> = fc.oneof(
  good.map((record) => ({ place: 'good', record }) as const),
  odd.map((record) => ({ place: 'odd', record }) as const),
);
const list = fc.oneof(
  fc.array(good, { maxLength: 3 }),
  fc
    .array(good, { maxLength: 3 })
    .map((data) => ({ data, total_count: data.length, offset: 0, limit: 1000 })),
);

const TOKENS = '[ ] { } , : " \\ null true false 0 -1 1e999 "data" "error" "meta" "success" \ufeff \n'.split(
  ' ',
);
const jsonLike = fc.oneof(
  fc
    .array(fc.constantFrom(...TOKENS, '[]', '{"data":[]}', '{"data":['), { maxLength: 12 })
    .map((parts) => parts.join('')),
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
  fc
    .record({ data: fc.jsonValue(), error: fc.jsonValue() }, { requiredKeys: ['data'] })
    .map((body) => JSON.stringify(body)),
  fc.integer({ min: 1, max: 3_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
);
/** Bytes that were a list of events until some of them were changed, taken out or doubled. */
const damaged = fc
  .tuple(
    list,
    fc.array(fc.tuple(fc.nat(), fc.nat(8), fc.uint8Array({ maxLength: 3 })), { minLength: 1, maxLength: 3 }),
  )
  .map(([body, edits]) =>
    edits.reduce((bytes, [place, without, put]) => {
      const from = place % (bytes.length + 1);
      return Uint8Array.from([...bytes.slice(0, from), ...put, ...bytes.slice(from + without)]);
    }, bytesOf(body)),
  );
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 80 }).map((bytes) => Uint8Array.from(bytes)),
  jsonLike.map((text) => encoder.encode(text)),
  damaged,
);
const status = fc.oneof(
  { weight: 30, arbitrary: fc.constant(200) },
  { weight: 1, arbitrary: fc.constantFrom(201, 206, 400, 401, 404, 422, 429, 503) },
);

export const BODIES = [
  fuzz(
    'body',
    0.58,
    'any bytes as a body are a page only if they are a list, with a row for each record',
    fc.tuple(anyBytes, status),
    judgeBytes,
  ),
  fuzz(
    'body',
    0.4,
    'any record beside others leaves them as they are and is counted itself',
    fc.array(placed, { maxLength: 12 }),
    judgeRecords,
  ),
  // Of 2,500 runs these are fifty bodies, each cut some three hundred times.
  fuzz('body', 0.02, 'a whole body is a page, and cut at any byte it is none', list, judgeCuts),
];
