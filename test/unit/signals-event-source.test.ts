import { describe, expect, it } from 'vitest';
import { appKey } from '../../lib/domain/identity.ts';
import type { Clock } from '../../lib/ports/clock.ts';
import type { PageRequest } from '../../lib/ports/event-source.ts';
import { type SignalsClient, signalsClient } from '../../lib/signals/client.ts';
import { staticToken } from '../../lib/signals/credentials.ts';
import { signalsEventSource } from '../../lib/signals/event-source.ts';
import { BODY_BYTES_MAX } from '../../lib/signals/http.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 15, 4, 5);
const clock: Clock = { nowMs: () => NOW_MS, sleep: async () => undefined };
const REQUEST: PageRequest = {
  app: {
    key: appKey('c-123', '72822'),
    client: 'c-123',
    app: '72822',
    name: 'Spot Store',
    timeZone: 'America/Sao_Paulo',
    timeZoneIsSet: true,
  },
  window: { fromMs: NOW_MS - 60_000, untilMs: NOW_MS },
  offset: 500,
  accepts: { future: true, timeOfDay: true },
  deadlineMs: NOW_MS + 5000,
};

function source(fetch: typeof globalThis.fetch) {
  const client = signalsClient({
    baseUrl: 'https://api.example.com',
    credentials: staticToken('tok-EXAMPLE'),
    clock,
    fetch,
    attemptTimeoutMs: 1000,
    retryDelayMs: 1,
  });
  return signalsEventSource(client, clock);
}

describe('a page of the Signals API', () => {
  it('asks for the window in the zone of the app, a thousand rows at most, without following redirects', async () => {
    const asked: { url: URL; redirect: unknown }[] = [];
    await source(async (input, init) => {
      asked.push({ url: new URL(String(input)), redirect: init?.redirect });
      return Response.json([]);
    }).readPage(REQUEST);
    expect(asked.map(({ redirect }) => redirect)).toEqual(['error']);
    expect(Object.fromEntries(asked[0]?.url.searchParams ?? [])).toEqual({
      date_from: '2026-11-22T12:03:03',
      date_to: '2026-11-22T12:04:07',
      limit: '1000',
      offset: '500',
    });
  });

  it('reads zone-less dates in the zone of the app and keeps what it cannot read as a row', async () => {
    const data = [{ id: 'a', type: 'keyword', date: '2026-11-22T12:04:05' }, 'odd'];
    const page = await source(async () => Response.json({ data, total_count: '9', limit: 0 })).readPage(
      REQUEST,
    );
    expect(page).toMatchObject({
      kind: 'page',
      rows: [{ event: { id: 'a', occurredAtMs: NOW_MS } }, { event: undefined }],
      totalCount: 9,
      limit: undefined,
    });
  });

  it('is empty only when the API says so', async () => {
    const page = await source(async () => Response.json({ data: [] })).readPage(REQUEST);
    expect(page).toEqual({ kind: 'page', rows: [], totalCount: undefined, limit: undefined });
  });

  describe('whose answer is too long to read', () => {
    const long = `[${' '.repeat(BODY_BYTES_MAX)}]`;
    const limitsAsked = async (answers: Readonly<Record<string, () => Response>>) => {
      const limits: (string | null)[] = [];
      const page = await source(async (input) => {
        const limit = new URL(String(input)).searchParams.get('limit');
        limits.push(limit);
        return answers[limit ?? '']?.() ?? new Response(long);
      }).readPage(REQUEST);
      return { page, limits };
    };

    it('is asked for once more in a tenth, and says which limit it was read under', async () => {
      const data = [{ id: 'a', type: 'keyword' }];
      const { page, limits } = await limitsAsked({
        100: () => Response.json({ data, total_count: 700, limit: 1000 }),
      });
      expect(limits).toEqual(['1000', '100']);
      expect(page).toMatchObject({
        kind: 'page',
        rows: [{ event: { id: 'a' } }],
        totalCount: 700,
        limit: 100,
      });
    });

    it('says the limit of the API where that is lower still', async () => {
      const { page } = await limitsAsked({ 100: () => Response.json({ data: ['x'], limit: 50 }) });
      expect(page).toMatchObject({ kind: 'page', limit: 50 });
    });

    it('is unreadable when the tenth is too long as well', async () => {
      const { page, limits } = await limitsAsked({});
      expect(limits).toEqual(['1000', '100']);
      expect(page).toMatchObject({ kind: 'failed', because: 'unreadable' });
    });

    it('is what the second question failed for, when that fails otherwise', async () => {
      const { page } = await limitsAsked({ 100: () => new Response('', { status: 403 }) });
      expect(page).toMatchObject({ kind: 'failed', because: 'forbidden' });
    });

    it('is not asked for again when it is unreadable for another reason', async () => {
      const { page, limits } = await limitsAsked({ 1000: () => new Response('{') });
      expect(limits).toEqual(['1000']);
      expect(page).toMatchObject({ kind: 'failed', because: 'unreadable' });
    });
  });

  it.for([
    { status: 401, because: 'unauthorised' },
    { status: 403, because: 'forbidden' },
    { status: 404, because: 'gone' },
    { status: 429, because: 'rate-limited' },
    { status: 422, because: 'rejected' },
    { status: 500, because: 'unavailable' },
    { status: 201, because: 'unreadable' },
  ])('turns status $status into the failure $because', async ({ status, because }) => {
    const page = await source(async () =>
      Response.json({ detail: 'no' }, { status, headers: { 'retry-after': '60' } }),
    ).readPage(REQUEST);
    expect(page).toMatchObject({ kind: 'failed', because, retryAtMs: NOW_MS + 60_000 });
    expect(page.kind === 'failed' && page.detail).toContain('/v1/clients/c-123/apps/72822/events');
  });

  it('turns a failing connection into a failure without a time', async () => {
    const page = await source(() => Promise.reject(new TypeError('fetch failed'))).readPage(REQUEST);
    expect(page).toMatchObject({ kind: 'failed', because: 'unavailable', retryAtMs: undefined });
  });

  it('lets a fault of this program through', async () => {
    const broken: SignalsClient = { listEvents: () => Promise.reject(new RangeError('ours')) };
    await expect(signalsEventSource(broken, clock).readPage(REQUEST)).rejects.toThrow('ours');
  });
});
