import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  ForbiddenError,
  GoneError,
  RateLimitedError,
  RejectedError,
  UnauthorisedError,
  UnavailableError,
} from '../../lib/signals/errors.ts';
import { parseRetryAfter } from '../../lib/signals/retry-after.ts';
import { type Answer, answer, PHONE, SAMPLE, scriptedSignals, TOKEN } from '../fixtures/scripted-signals.ts';

const api = scriptedSignals();

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
    api.answers(answer(status, '{"detail":"not today"}'));
    const outcome = await api.failure();
    expect(outcome).toBeInstanceOf(error);
    expect(outcome).toMatchObject({ because, status, request: 'GET /v1/clients/c-123/apps/72822/events' });
    expect(api.seen).toHaveLength(1);
  });

  it.for([
    { status: 401, advice: 'check the token (SIGNALS_TOKEN, or the secret)' },
    { status: 403, advice: 'check the token (SIGNALS_TOKEN, or the secret)' },
    { status: 404, advice: 'check client and app in alerts.yaml' },
  ])('says with $status what to look at', async ({ status, advice }) => {
    api.answers(answer(status, '{"detail":"not today"}'));
    expect((await api.failure()).message).toContain(
      `(status ${status}); ${advice}; the answer begins: {"detail":"not today"}`,
    );
  });

  it('a page for people is no word of the API about its parameters', async () => {
    api.answers(answer(400, '<html>Bad Request</html>', { 'content-type': 'text/html; charset=utf-8' }));
    expect(await api.failure()).toMatchObject({ because: 'unavailable', status: 400 });
    expect(api.seen).toHaveLength(1);
  });

  it('tells the beginning of a refusal in one line', async () => {
    api.answers(
      answer(422, `{"detail":\n\t"date_from 2026-11-22 is no date"${' '.repeat(500)}${'x y '.repeat(200)}}`),
    );
    const error = await api.failure();
    expect(error.excerpt).toMatch(/^\{"detail": "date_from 2026-11-22 is no date" x y /);
    expect(error.excerpt).toHaveLength(200);
  });

  it('knows a refusal by its status though its body never ends', async () => {
    api.answers((response) => response.writeHead(401).write('{"det'));
    expect(await api.failure({ attemptTimeoutMs: 60 })).toBeInstanceOf(UnauthorisedError);
  });

  it.for([301, 302, 303, 307, 308])('does not follow a redirect %i, nor ask again', async (status) => {
    api.answers(answer(status, '', { location: `${api.origin}/elsewhere` }), answer(200, SAMPLE));
    expect(await api.failure()).toBeInstanceOf(UnavailableError);
    expect(api.seen.map((request) => request.url?.split('?')[0])).toEqual([
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
    api.answers(answer(429, '', { 'retry-after': header }));
    const waitMs = ((await api.failure()).retryAtMs ?? 0) - Date.now();
    expect(waitMs).toBeGreaterThan(leastMs);
    expect(waitMs).toBeLessThanOrEqual(mostMs);
  });

  it.for([{}, { 'retry-after': 'when it suits' }])('has no time for a 429 with %j', async (headers) => {
    api.answers(answer(429, '', headers));
    expect((await api.failure()).retryAtMs).toBeUndefined();
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
    api.answers(...answers);
    const error = await api.failure();
    const told = `${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)} ${error.stack}`;
    for (const secret of [...secrets, id, 'HBgL', 'qwertz', '"abc"', 'tok-'])
      expect(told).not.toContain(secret);
    expect([...(error.excerpt ?? '')].length).toBeLessThanOrEqual(200);
    expect(error.message).not.toMatch(/\d{6}|[\n\r]/);
  });
});
