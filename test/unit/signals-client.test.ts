import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/adapters/clock.ts';
import { checkBaseUrl } from '../../lib/signals/base-url.ts';
import { type ListEventsParameters, type SignalsClient, signalsClient } from '../../lib/signals/client.ts';
import { type Credentials, parseSecret, staticToken } from '../../lib/signals/credentials.ts';
import {
  ForbiddenError,
  GoneError,
  RateLimitedError,
  RejectedError,
  SignalsError,
  UnauthorisedError,
  UnavailableError,
  UnreadableError,
} from '../../lib/signals/errors.ts';
import { BODY_BYTES_MAX } from '../../lib/signals/http.ts';
import { parseRetryAfter } from '../../lib/signals/retry-after.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const TOKEN = 'tok-EXAMPLE-9';
const PHONE = '12025550143';
const SAMPLE = JSON.stringify({
  data: [
    {
      id: 'wamid.HBgL+/A==',
      type: 'keyword',
      type_value: 'olá 👋',
      phone: PHONE,
      date: '2026-11-22T15:04:05',
    },
  ],
  total_count: 1,
  offset: 0,
  limit: 1000,
});
const PARAMETERS: ListEventsParameters = {
  client: 'c-123',
  app: '72822',
  dateFrom: '2026-11-22T15:00:00',
  dateTo: '2026-11-22T16:00:00',
  limit: 1000,
  offset: 0,
};

let server: Server;
let origin = '';
let script: Answer[] = [];
let seen: IncomingMessage[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request);
    // The last answer of a script is given again and again.
    const answer = script.length > 1 ? script.shift() : script[0];
    answer?.(response, request);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  script = [];
  seen = [];
});

function answer(status: number, body: string | Buffer, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
}

function client(
  over: { baseUrl?: string; credentials?: Credentials; attemptTimeoutMs?: number } = {},
): SignalsClient {
  return signalsClient({
    baseUrl: over.baseUrl ?? origin,
    credentials: over.credentials ?? staticToken(TOKEN),
    clock: systemClock(),
    attemptTimeoutMs: over.attemptTimeoutMs ?? 2000,
    retryDelayMs: 5,
  });
}

async function list(over: Parameters<typeof client>[0] = {}, leftMs = 5000) {
  return await client(over).listEvents(PARAMETERS, Date.now() + leftMs);
}

async function failure(over: Parameters<typeof client>[0] = {}, leftMs = 5000): Promise<SignalsError> {
  const outcome = await list(over, leftMs).catch((error: unknown) => error);
  if (!(outcome instanceof SignalsError)) throw new Error(`expected a SignalsError, got ${inspect(outcome)}`);
  return outcome;
}

describe('what is asked', () => {
  it('sends every parameter under its documented name, and the token in the header alone', async () => {
    script = [answer(200, SAMPLE)];
    await client().listEvents(
      { ...PARAMETERS, offset: 500, eventType: 'converted', eventTypeId: 'keyword#1', adId: '23851' },
      Date.now() + 5000,
    );
    const url = new URL(seen[0]?.url ?? '', origin);
    expect(url.pathname).toBe('/v1/clients/c-123/apps/72822/events');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      date_from: '2026-11-22T15:00:00',
      date_to: '2026-11-22T16:00:00',
      limit: '1000',
      offset: '500',
      event_type: 'converted',
      event_type_id: 'keyword#1',
      ad_id: '23851',
    });
    expect(seen[0]?.headers).toMatchObject({
      accept: 'application/json',
      authorization: `Bearer ${TOKEN}`,
      'user-agent': 'signals-alerts',
    });
    expect(seen[0]?.url).not.toContain(TOKEN);
  });

  it('leaves out parameters that are not given', async () => {
    script = [answer(200, SAMPLE)];
    await list();
    expect([...new URL(seen[0]?.url ?? '', origin).searchParams.keys()]).toEqual([
      'date_from',
      'date_to',
      'limit',
      'offset',
    ]);
  });

  it('keeps the path of the base URL', async () => {
    script = [answer(200, SAMPLE)];
    await list({ baseUrl: `${origin}/mocks/signals/` });
    expect(seen[0]?.url).toMatch(/^\/mocks\/signals\/v1\/clients\/c-123\//);
  });

  it.for(['..', '.', '', '%2e%2e', 'a/b', 'a?b', '@host', 'a\n', 'x'.repeat(65)])(
    'asks nothing for the id %j, which could leave the path',
    async (id) => {
      const asked = client().listEvents({ ...PARAMETERS, app: id }, Date.now() + 5000);
      await expect(asked).rejects.toBeInstanceOf(RejectedError);
      expect(seen).toEqual([]);
    },
  );

  it.for([
    { url: 'https://api.example.com/', is: 'https://api.example.com' },
    { url: 'https://api.example.com/mocks/1//', is: 'https://api.example.com/mocks/1' },
    { url: 'http://127.0.0.1:4010', is: 'http://127.0.0.1:4010' },
    { url: 'http://localhost:4010', is: 'http://localhost:4010' },
    { url: 'http://[::1]:4010', is: 'http://[::1]:4010' },
  ])('takes $url as base URL', ({ url, is }) => {
    expect(checkBaseUrl(url)).toBe(is);
  });

  it.for([
    'http://api.example.com',
    'http://169.254.169.254',
    'http://0xa9fea9fe',
    'http://127.evil.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1@example.com',
    'https://user@api.example.com',
    'https://:secret@api.example.com',
    'https://api.example.com/?a=b',
    'https://api.example.com/#a',
    'file:///etc/passwd',
    'ftp://127.0.0.1',
    'api.example.com',
    '',
  ])('sends no token to %s', (baseUrl) => {
    expect(() => client({ baseUrl })).toThrow(TypeError);
  });
});

describe('answers that are a list', () => {
  it('gives the records and the hints', async () => {
    script = [answer(200, SAMPLE)];
    expect(await list()).toEqual({ records: JSON.parse(SAMPLE).data, totalCount: 1, limit: 1000 });
  });

  it('takes a bare list', async () => {
    script = [answer(200, '[{"id":"a"}]')];
    expect(await list()).toEqual({ records: [{ id: 'a' }], totalCount: undefined, limit: undefined });
  });

  it('unpacks a compressed answer', async () => {
    script = [answer(200, gzipSync(SAMPLE), { 'content-encoding': 'gzip' })];
    expect((await list()).records).toHaveLength(1);
  });

  it('keeps every digit of an ad id that came as a number', async () => {
    script = [answer(200, '[{"ad_id":23851172049950329}]')];
    expect((await list()).records).toEqual([{ ad_id: '23851172049950329' }]);
  });

  it('takes a list that was called HTML by its header', async () => {
    script = [answer(200, SAMPLE, { 'content-type': 'text/html' })];
    expect((await list()).records).toHaveLength(1);
  });
});

describe('answers that are no list', () => {
  it.for([
    { name: 'an empty body', body: '' },
    { name: 'null', body: 'null' },
    { name: 'a number', body: '7' },
    { name: 'a string', body: '"ok"' },
    { name: 'an empty object', body: '{}' },
    { name: 'data null', body: '{"data":null}' },
    { name: 'data as an object', body: '{"data":{}}' },
    { name: 'an error with status 200', body: `{"error":"no such app for ${PHONE}"}` },
    { name: 'an empty list beside an error', body: '{"data":[],"error":"backend down"}' },
    { name: 'an empty list beside errors', body: '{"data":[],"errors":["backend down"]}' },
    { name: 'an empty list without success', body: '{"data":[],"success":false}' },
    { name: 'an empty list without success in meta', body: '{"data":[],"meta":{"success":false}}' },
    { name: 'HTML', body: '<!doctype html><title>Sign in</title>' },
    { name: 'JSON with something behind it', body: `${SAMPLE}x` },
    { name: 'nesting deeper than any stack', body: '['.repeat(100_000) },
  ])('calls $name unreadable and asks once', async ({ body }) => {
    script = [answer(200, body)];
    expect(await failure()).toBeInstanceOf(UnreadableError);
    expect(seen).toHaveLength(1);
  });

  it('tells what an error with status 200 says, without numbers', async () => {
    script = [answer(200, `{"error":"no such app for ${PHONE}"}`)];
    expect((await failure()).message).toContain('no such app for ***');
  });

  it.for([204, 201, 206])('calls status %i unreadable, whatever its body', async (status) => {
    script = [answer(status, status === 204 ? '' : '{"data":[]}')];
    expect(await failure()).toBeInstanceOf(UnreadableError);
  });

  it('calls a list cut off at any byte unreadable, never an empty page', { timeout: 15_000 }, async () => {
    const bytes = Buffer.from(SAMPLE);
    for (let length = 0; length < bytes.length; length++) {
      script = [answer(200, bytes.subarray(0, length))];
      expect(await failure(), `cut after ${length} bytes`).toBeInstanceOf(UnreadableError);
    }
  });

  it('takes a packed list cut off at any byte for whole or unreadable, never for a shorter one', {
    timeout: 15_000,
  }, async () => {
    const bytes = gzipSync(SAMPLE);
    let unreadableCount = 0;
    for (let length = 0; length < bytes.length; length++) {
      script = [answer(200, bytes.subarray(0, length), { 'content-encoding': 'gzip' })];
      const outcome = await list().catch((error: unknown) => error);
      if (outcome instanceof UnreadableError) unreadableCount++;
      else
        expect(outcome, `cut after ${length} bytes`).toMatchObject({
          records: [{ phone: PHONE }],
          limit: 1000,
        });
    }
    // The checksum and the end of the last block may go without a loss of text.
    expect(unreadableCount).toBeGreaterThan(bytes.length - 20);
  });

  it('calls what only claims to be packed unreadable', async () => {
    script = [answer(200, SAMPLE, { 'content-encoding': 'gzip' })];
    expect(await failure()).toBeInstanceOf(UnreadableError);
  });

  it('stops reading a body that is too large', async () => {
    let sentBytes = 0;
    script = [
      (response) => {
        response.writeHead(200);
        response.write('[');
        const chunk = Buffer.alloc(1024 * 1024, '0,');
        const send = () => {
          while (!response.destroyed && response.write(chunk)) sentBytes += chunk.length;
          sentBytes += chunk.length;
        };
        response.on('drain', send);
        send();
      },
    ];
    const error = await failure();
    expect(error).toBeInstanceOf(UnreadableError);
    expect(error.message).toContain('longer than');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const sentBefore = sentBytes;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sentBytes).toBe(sentBefore);
  });

  it('unpacks no more of a gzip bomb than is allowed', async () => {
    const bomb = gzipSync(Buffer.alloc(BODY_BYTES_MAX * 8, ' '));
    script = [answer(200, bomb, { 'content-encoding': 'gzip' })];
    const error = await failure();
    expect(error.message).toContain(`longer than ${BODY_BYTES_MAX} bytes`);
  });

  it('takes a body of exactly the allowed size, and none of one byte more', async () => {
    const full = `[${' '.repeat(BODY_BYTES_MAX - 2)}]`;
    script = [answer(200, full), answer(200, `${full} `)];
    expect((await list()).records).toEqual([]);
    expect(await failure()).toBeInstanceOf(UnreadableError);
  });
});

describe('refusals', () => {
  it.for([
    { status: 401, error: UnauthorisedError, because: 'unauthorised' },
    { status: 403, error: ForbiddenError, because: 'forbidden' },
    { status: 404, error: GoneError, because: 'gone' },
    { status: 410, error: GoneError, because: 'gone' },
    { status: 400, error: RejectedError, because: 'rejected' },
    { status: 422, error: RejectedError, because: 'rejected' },
    { status: 429, error: RateLimitedError, because: 'rate-limited' },
    { status: 405, error: UnavailableError, because: 'unavailable' },
    { status: 304, error: UnavailableError, because: 'unavailable' },
  ])('answers $status with $because and does not ask again', async ({ status, error, because }) => {
    script = [answer(status, '{"detail":"not today"}')];
    const outcome = await failure();
    expect(outcome).toBeInstanceOf(error);
    expect(outcome).toMatchObject({ because, status, request: 'GET /v1/clients/c-123/apps/72822/events' });
    expect(seen).toHaveLength(1);
  });

  it('tells the beginning of a refusal in one line', async () => {
    script = [
      answer(422, `{"detail":\n\t"date_from 2026-11-22 is no date"${' '.repeat(500)}${'x y '.repeat(200)}}`),
    ];
    const error = await failure();
    expect(error.excerpt).toMatch(/^\{"detail": "date_from 2026-11-22 is no date" x y /);
    expect(error.excerpt).toHaveLength(200);
  });

  it('knows a refusal by its status though its body never ends', async () => {
    script = [(response) => response.writeHead(401).write('{"det')];
    expect(await failure({ attemptTimeoutMs: 60 })).toBeInstanceOf(UnauthorisedError);
  });

  it.for([301, 302, 303, 307, 308])('does not follow a redirect %i, nor ask again', async (status) => {
    script = [answer(status, '', { location: `${origin}/elsewhere` }), answer(200, SAMPLE)];
    expect(await failure()).toBeInstanceOf(UnavailableError);
    expect(seen.map((request) => request.url?.split('?')[0])).toEqual([
      '/v1/clients/c-123/apps/72822/events',
    ]);
  });

  const nowMs = Date.UTC(2026, 10, 22, 15, 0, 0);
  it.for([
    { name: 'seconds', header: '120', waitMs: 120_000 },
    { name: 'an HTTP date', header: 'Sun, 22 Nov 2026 15:02:00 GMT', waitMs: 120_000 },
    { name: 'no less than a second', header: '0', waitMs: 1000 },
    { name: 'a date in the past as a second', header: 'Sun, 22 Nov 2026 14:00:00 GMT', waitMs: 1000 },
    { name: 'no more than an hour', header: '86400', waitMs: 3_600_000 },
    { name: 'a number without end as an hour', header: '9'.repeat(400), waitMs: 3_600_000 },
    { name: 'spaces around', header: ' 5 ', waitMs: 5000 },
  ])('reads Retry-After: $name', ({ header, waitMs }) => {
    expect(parseRetryAfter(header, nowMs)).toBe(nowMs + waitMs);
  });

  it.for([null, '', 'soon', '-5', '1.5', '0x10', '2026-11-22', 'Sun, 31 Feb 2026 15:02:00 GMT'])(
    'takes Retry-After %j for nothing',
    (header) => {
      expect(parseRetryAfter(header, nowMs)).toBeUndefined();
    },
  );

  it.for([
    { name: 'seconds', header: '30', leastMs: 28_000, mostMs: 30_500 },
    { name: 'a date', header: new Date(Date.now() + 40_000).toUTCString(), leastMs: 20_000, mostMs: 41_000 },
  ])('passes on when a 429 may be asked again: $name', async ({ header, leastMs, mostMs }) => {
    script = [answer(429, '', { 'retry-after': header })];
    const waitMs = ((await failure()).retryAtMs ?? 0) - Date.now();
    expect(waitMs).toBeGreaterThan(leastMs);
    expect(waitMs).toBeLessThanOrEqual(mostMs);
  });

  it.for([{}, { 'retry-after': 'when it suits' }])('has no time for a 429 with %j', async (headers) => {
    script = [answer(429, '', headers)];
    expect((await failure()).retryAtMs).toBeUndefined();
  });
});

describe('what a moment may heal', () => {
  it('asks again after a 500', async () => {
    script = [answer(500, 'oops'), answer(502, '<html>'), answer(200, SAMPLE)];
    expect((await list()).records).toHaveLength(1);
    expect(seen).toHaveLength(3);
  });

  it('gives up after two more attempts', async () => {
    script = [answer(503, 'oops')];
    expect(await failure()).toMatchObject({ because: 'unavailable', status: 503 });
    expect(seen).toHaveLength(3);
  });

  it('does not ask again before the time a 503 names', async () => {
    script = [answer(503, '', { 'retry-after': '20' })];
    expect((await failure()).retryAtMs).toBeGreaterThan(Date.now() + 15_000);
    expect(seen).toHaveLength(1);
  });

  it('asks again after a connection was reset', async () => {
    script = [(response) => response.socket?.resetAndDestroy(), answer(200, SAMPLE)];
    expect((await list()).records).toHaveLength(1);
  });

  it('asks again when the connection breaks inside the body', async () => {
    script = [
      (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"data":[', () => response.socket?.destroy());
      },
      answer(200, SAMPLE),
    ];
    expect((await list()).records).toHaveLength(1);
    expect(seen).toHaveLength(2);
  });

  it('gives up on an attempt that hangs before or inside the answer', async () => {
    script = [() => undefined, (response) => response.writeHead(200).write('{"data":['), () => undefined];
    const error = await failure({ attemptTimeoutMs: 50 });
    expect(error.message).toContain('no whole answer within 50 ms');
    expect(error).toBeInstanceOf(UnavailableError);
    expect(seen).toHaveLength(3);
  });

  it('calls a port nobody listens on unavailable', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const error = await failure({ baseUrl: `http://127.0.0.1:${port}` });
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('lets nothing go on after the deadline', async () => {
    script = [() => undefined];
    const startMs = performance.now();
    expect(await failure({ attemptTimeoutMs: 10_000 }, 80)).toBeInstanceOf(UnavailableError);
    expect(performance.now() - startMs).toBeLessThan(250);
    expect(seen).toHaveLength(1);
  });

  it('does not wait for an attempt that would start after the deadline', async () => {
    script = [answer(500, '')];
    const slow = signalsClient({
      baseUrl: origin,
      credentials: staticToken(TOKEN),
      clock: systemClock(),
      attemptTimeoutMs: 2000,
      retryDelayMs: 5000,
    });
    const startMs = performance.now();
    await expect(slow.listEvents(PARAMETERS, Date.now() + 4000)).rejects.toMatchObject({ status: 500 });
    expect(performance.now() - startMs).toBeLessThan(250);
  });

  it.for([-1000, 0, Number.NaN])('asks nothing with %d ms left', async (leftMs) => {
    expect(await failure({}, leftMs)).toBeInstanceOf(UnavailableError);
    expect(seen).toEqual([]);
  });

  it.for([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e12])(
    'works with the time-out %d',
    async (attemptTimeoutMs) => {
      script = [answer(200, SAMPLE)];
      expect((await list({ attemptTimeoutMs })).records).toHaveLength(1);
    },
  );
});

describe('credentials', () => {
  it('does not wait for credentials beyond the deadline', async () => {
    const never: Credentials = { token: () => new Promise(() => undefined) };
    const startMs = performance.now();
    // A pending promise alone does not keep a process; the server does here.
    expect(await failure({ credentials: never }, 60)).toBeInstanceOf(UnavailableError);
    expect(performance.now() - startMs).toBeLessThan(250);
  });

  it.for([
    { name: 'later', token: () => Promise.reject(new Error(`denied: "token":"${TOKEN}"`)) },
    {
      name: 'at once',
      token: () => {
        throw new Error(`denied: "token":"${TOKEN}"`);
      },
    },
  ])('survives credentials that fail $name, without their secret', async ({ token }) => {
    const error = await failure({ credentials: { token } });
    expect(error).toBeInstanceOf(UnavailableError);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(TOKEN);
    expect(seen).toEqual([]);
  });

  it('passes on what credentials say in the words of this API', async () => {
    const error = new UnauthorisedError('the secret is unusable', { request: 'GET secret' });
    expect(await failure({ credentials: { token: () => Promise.reject(error) } })).toBe(error);
  });

  it.for(['', 'a b', 'tok-\nEXAMPLE', 'tök', 'x'.repeat(5000)])(
    'does not send the token %j',
    async (token) => {
      const error = await failure({ credentials: staticToken(token) });
      expect(error).toBeInstanceOf(UnauthorisedError);
      if (token !== '') expect(inspect(error, { depth: 9 })).not.toContain(token);
      expect(seen).toEqual([]);
    },
  );

  it.for(['{"token":"tok-1"}', ' {"token":" tok-1 ","more":1}\n'])('reads the token of %s', (text) => {
    expect(parseSecret(text)).toEqual({ kind: 'token', token: 'tok-1' });
  });

  it.for([
    '',
    'tok-SECRET',
    '"tok-SECRET"',
    'null',
    '[]',
    '{"username":"who@example.com","password":"tok-SECRET"}',
    '{"token":7}',
    '{"token":" "}',
    '{"token":"Bearer tok-SECRET"}',
    '{"token":"tok-SECRET',
  ])('finds no token in %j, and says why without quoting it', (text) => {
    const parsed = parseSecret(text);
    expect(parsed.kind).toBe('unusable');
    expect(JSON.stringify(parsed)).not.toContain('SECRET');
  });
});

describe('what errors tell', () => {
  const secrets = [TOKEN, PHONE, '+1 202 555 0143', '(202) 555-0143', '١٢٠٢٥٥٥٠١٤٣', 'who@example.com'];
  const id = 'wamid.HBgLMTIwMjU1NTAxNDMVAgASGBQzQTdCMUU4RkQ0';
  const leaky = `{"detail":"bad: ${secrets.join(' ; ')} ; ${id}","access_token":"abc","authorization":"Bearer qwertz"}`;

  it.for([
    { name: 'a refusal', answers: [answer(400, leaky)] },
    { name: 'a failing token', answers: [answer(401, leaky)] },
    { name: 'an outage', answers: [answer(500, leaky)] },
    { name: 'HTML', answers: [answer(200, `<p>${leaky}</p>`)] },
    { name: 'a list cut off', answers: [answer(200, `{"data":[${leaky}`)] },
    { name: 'a list of another shape', answers: [answer(200, `{"data":${leaky}}`)] },
    { name: 'an error with status 200', answers: [answer(200, `{"error":${leaky}}`)] },
    { name: 'a refusal too long to read', answers: [answer(403, `${leaky} `.repeat(200))] },
    { name: 'a token at the edge of what is read', answers: [answer(400, `${'1'.repeat(4091)} ${TOKEN}`)] },
    { name: 'a redirect', answers: [answer(302, '', { location: `${'http://127.0.0.1'}/?token=${TOKEN}` })] },
    { name: 'a reset', answers: [((response) => response.socket?.resetAndDestroy()) satisfies Answer] },
  ])('never a secret, an address, an id or a number: $name', async ({ answers }) => {
    script = answers;
    const error = await failure();
    const told = `${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)} ${error.stack}`;
    for (const secret of [...secrets, id, 'HBgL', 'qwertz', '"abc"', 'tok-'])
      expect(told).not.toContain(secret);
    expect([...(error.excerpt ?? '')].length).toBeLessThanOrEqual(200);
    expect(error.message).not.toMatch(/\d{6}|[\n\r]/);
  });
});
