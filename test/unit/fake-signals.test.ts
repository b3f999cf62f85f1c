import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  type FakeSignals,
  type FakeSignalsOptions,
  startFakeSignals,
} from '../../lib/local/fake-signals/server.ts';

const START_MS = Date.UTC(2026, 10, 22, 15, 0, 0, 400);
const APPS = [
  { client: 'c-123', app: '72822', name: 'Spot Store' },
  { client: 'c-456', app: '72833', name: 'Corner Café' },
] as const;
const PATH = '/v1/clients/c-123/apps/72822/events';
const ALL = 'date_from=2026-01-01&date_to=2026-12-31';

const pageSchema = z.strictObject({
  data: z.array(
    z.strictObject({
      id: z.string(),
      app_id: z.string(),
      ad_id: z.string().nullable(),
      campaign_id: z.string().nullable(),
      phone: z.string().nullable(),
      type: z.string(),
      type_id: z.string().nullable(),
      type_value: z.string().nullable(),
      date: z.string(),
      conversation_id: z.string().nullable(),
      conversation_expire_time: z.string().nullable(),
      source_id: z.string().nullable(),
    }),
  ),
  total_count: z.number(),
  offset: z.number(),
  limit: z.number(),
});

let nowMs: number;
let fake: FakeSignals;
let directory: string;

beforeEach(() => {
  nowMs = START_MS;
  directory = mkdtempSync(join(tmpdir(), 'fake-signals-'));
});

afterEach(async () => {
  await fake.close();
  rmSync(directory, { recursive: true });
});

async function start(options: Partial<FakeSignalsOptions> = {}): Promise<void> {
  fake = await startFakeSignals({
    apps: APPS,
    token: 'let-me-in',
    port: 0,
    seed: 7,
    now: () => nowMs,
    ...options,
  });
}

function get(pathAndQuery: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${fake.url}${pathAndQuery}`, { headers: { authorization: 'Bearer let-me-in' }, ...init });
}

async function page(query: string, path = PATH) {
  const response = await get(`${path}?${query}`);
  expect(response.status).toBe(200);
  return pageSchema.parse(await response.json());
}

function post(path: string, body: unknown): Promise<Response> {
  return get(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
}

describe('the events endpoint', () => {
  beforeEach(async () => {
    await start({ traffic: false });
    fake.inject({ id: 'a', date: '2026-11-22T10:00:00', type: 'conversation', text: 'hello' });
    fake.inject({ id: 'b', date: '2026-11-22T11:00:00Z', type: 'button' });
    fake.inject({ id: 'c', date: '2026-11-22T14:00:00+02:00', type: 'keyword' });
    fake.inject({ id: 'd', date: '2026-11-21T23:59:59.500000', type: 'keyword' });
    fake.inject({ id: 'other', client: 'c-456', date: '2026-11-22T10:00:00' });
  });

  it.for([
    { name: 'answers newest first', query: ALL, ids: 'c b a d' },
    {
      name: 'takes both bounds as inside',
      query: 'date_from=2026-11-22T10:00:00&date_to=2026-11-22T11:00:00',
      ids: 'b a',
    },
    {
      name: 'leaves out what is a second outside',
      query: 'date_from=2026-11-22T10:00:01&date_to=2026-11-22T10:59:59',
      ids: '',
    },
    {
      name: 'reads bounds with Z',
      query: 'date_from=2026-11-22T11:00:00Z&date_to=2026-11-22T11:00:00Z',
      ids: 'b',
    },
    {
      name: 'reads bounds with an offset',
      query: 'date_from=2026-11-22T13:00:00%2B02:00&date_to=2026-11-22T13:30:00%2B02:00',
      ids: 'b',
    },
    { name: 'takes a date as the whole day', query: 'date_from=2026-11-21&date_to=2026-11-21', ids: 'd' },
    { name: 'narrows by type', query: `${ALL}&event_type=keyword`, ids: 'c d' },
    { name: 'narrows by ad', query: `${ALL}&ad_id=1`, ids: '' },
    { name: 'narrows by type id', query: `${ALL}&event_type_id=keyword%231`, ids: '' },
    { name: 'answers a page from the offset', query: `${ALL}&limit=2&offset=1`, ids: 'b a' },
    { name: 'answers nothing beyond the end', query: `${ALL}&offset=4`, ids: '' },
  ])('$name', async ({ query, ids }) => {
    expect((await page(query)).data.map(({ id }) => id)).toEqual(ids.split(' ').filter(Boolean));
  });

  it('echoes limit and offset, and counts all that was found', async () => {
    expect(await page(`${ALL}&limit=2&offset=3`)).toMatchObject({ total_count: 4, limit: 2, offset: 3 });
    expect(await page(ALL)).toMatchObject({ limit: 100, offset: 0 });
  });

  it('narrows by the type id and the ad that its events carry', async () => {
    const [newest] = (await page(ALL)).data;
    const narrowed = await page(`${ALL}&event_type_id=${newest?.type_id}`);
    expect(narrowed.data.map(({ id }) => id)).toEqual(['c', 'd']);
  });

  it.for([
    { name: 'no token', headers: {} },
    { name: 'another token', headers: { authorization: 'Bearer let-me-out' } },
    { name: 'another scheme', headers: { authorization: 'Basic let-me-in' } },
  ])('answers 401 to $name', async ({ headers }) => {
    const response = await get(`${PATH}?${ALL}`, { headers });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it.for([
    '/v1/clients/c-123/apps/1/events',
    '/v1/clients/c-999/apps/72822/events',
    '/v1/clients/c-456/apps/72822/events',
    '/v1/clients/c-123/apps/72822/event',
    '/clients/c-123/apps/72822/events',
    '/v1/clients/c-123/apps/%E0%A4%A/events',
  ])('answers 404 to %s', async (path) => {
    expect((await get(`${path}?${ALL}`)).status).toBe(404);
  });

  it('answers 405 to another method', async () => {
    const response = await post(`${PATH}?${ALL}`, {});
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  });

  it.for([
    { name: 'both bounds missing', query: '', fields: ['date_from', 'date_to'] },
    {
      name: 'a date that does not exist',
      query: 'date_from=2026-02-30&date_to=2026-12-31',
      fields: ['date_from'],
    },
    {
      name: 'a time that is none',
      query: 'date_from=yesterday&date_to=2026-12-31T25:00:00',
      fields: ['date_from', 'date_to'],
    },
    {
      name: 'an offset whose plus was not encoded',
      query: 'date_from=2026-11-22T13:00:00+02:00&date_to=2026-12-31',
      fields: ['date_from'],
    },
    { name: 'a type that is not documented', query: `${ALL}&event_type=sale`, fields: ['event_type'] },
    { name: 'a limit of 0', query: `${ALL}&limit=0`, fields: ['limit'] },
    { name: 'a limit of 1001', query: `${ALL}&limit=1001`, fields: ['limit'] },
    { name: 'a limit that is no number', query: `${ALL}&limit=1e2`, fields: ['limit'] },
    { name: 'a negative offset', query: `${ALL}&offset=-1`, fields: ['offset'] },
    { name: 'an unknown parameter', query: `${ALL}&sort=date`, fields: ['sort'] },
    { name: 'a parameter given twice', query: `${ALL}&limit=1&limit=2`, fields: ['limit'] },
  ])('answers 422 to $name and names it', async ({ query, fields }) => {
    const response = await get(`${PATH}?${query}`);
    expect(response.status).toBe(422);
    expect(await response.json()).toEqual({
      detail: fields.map((field) => ({
        loc: ['query', field],
        msg: expect.any(String),
        type: expect.any(String),
      })),
    });
  });
});

describe('adding events by hand', () => {
  it('takes JSON whatever the content type, and fills in the rest', async () => {
    await start({ traffic: false });
    const response = await fetch(`${fake.url}/local/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: String.raw`{"text":"I\u2019m ready to order"}`,
    });
    expect(response.status).toBe(201);
    const expected = {
      app_id: '72822',
      type: 'keyword',
      type_value: 'I’m ready to order',
      date: '2026-11-22T15:00:01',
    };
    expect(await response.json()).toMatchObject({ client: 'c-123', app: '72822', event: expected });
    expect((await page(ALL)).data).toEqual([expect.objectContaining(expected)]);
  });

  it('dates an event no earlier than now, though dates are cut to the second', async () => {
    await start({ traffic: false });
    expect(Date.parse(`${fake.inject().event.date}Z`)).toBeGreaterThanOrEqual(nowMs);
  });

  it('takes app, client, type, phone and date as given', async () => {
    await start({ traffic: false });
    const given = {
      client: 'c-456',
      app: '72833',
      type: 'converted',
      phone: '12025550199',
      date: '2026-11-01T00:00:00',
    };
    expect(await (await post('/local/events', given)).json()).toMatchObject({
      client: 'c-456',
      event: { type: 'converted', phone: '12025550199', date: '2026-11-01T00:00:00' },
    });
    const shown = await get('/local/events');
    expect(await shown.json()).toMatchObject({
      data: [{ client: 'c-456', origin: 'injected', event: { app_id: '72833' } }],
    });
  });

  it.for([
    { name: 'no JSON', body: 'text=hello', says: /not JSON/ },
    { name: 'an unknown app', body: { app: '1' }, says: /no app .*1; there is c-123\/72822 \(Spot Store\)/ },
    { name: 'an unknown type', body: { type: 'sale' }, says: /type: .*"keyword"/ },
    { name: 'a date that is none', body: { date: 'now' }, says: /date: expected a date such as 2026-/ },
    { name: 'a field that is not there', body: { txt: 'hello' }, says: /txt/ },
    { name: 'a list', body: [], says: /expected object/ },
  ])('refuses $name and says why', async ({ body, says }) => {
    await start({ traffic: false });
    const response = await post('/local/events', body);
    expect(response.status).toBe(400);
    expect(z.object({ detail: z.string() }).parse(await response.json()).detail).toMatch(says);
    expect(fake.events()).toEqual([]);
  });
});

describe('ordered faults', () => {
  beforeEach(() => start({ traffic: false }));

  it('answers a status with Retry-After as often as ordered, to the app named', async () => {
    await post('/local/faults', { app: '72822', kind: 'status', status: 429, retryAfter: 7, times: 2 });
    const other = await get(`/v1/clients/c-456/apps/72833/events?${ALL}`);
    const answers = [await get(`${PATH}?${ALL}`), await get(`${PATH}?${ALL}`), await get(`${PATH}?${ALL}`)];
    expect([other, ...answers].map(({ status }) => status)).toEqual([200, 429, 429, 200]);
    expect(answers[0]?.headers.get('retry-after')).toBe('7');
  });

  it('answers HTML', async () => {
    fake.fault({ kind: 'html', status: 200 });
    const response = await get(`${PATH}?${ALL}`);
    expect([
      response.status,
      response.headers.get('content-type'),
      (await response.text()).slice(0, 6),
    ]).toEqual([200, 'text/html', '<html>']);
  });

  it('cuts an answer in the middle', async () => {
    fake.inject();
    fake.fault({ kind: 'truncate' });
    const response = await get(`${PATH}?${ALL}`);
    await expect(response.text()).rejects.toThrow();
    expect((await page(ALL)).data).toHaveLength(1);
  });

  it('resets the connection', async () => {
    fake.fault({ kind: 'reset' });
    await expect(get(`${PATH}?${ALL}`)).rejects.toThrow();
    expect((await get(`${PATH}?${ALL}`)).status).toBe(200);
  });

  it('takes its time', async () => {
    fake.fault({ kind: 'slow', delayMs: 150 });
    const startMs = performance.now();
    await page(ALL);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(140);
  });

  it('refuses a fault it does not know', async () => {
    expect((await post('/local/faults', { kind: 'fire' })).status).toBe(400);
  });
});

describe('the traffic', () => {
  it('starts with history, then adds about one message every one to three seconds', async () => {
    await start();
    const history = fake.events();
    expect(history.length).toBeGreaterThanOrEqual(240);
    expect(history.every(({ origin, appearedAtMs }) => origin === 'history' && appearedAtMs < START_MS)).toBe(
      true,
    );
    nowMs += 60_000;
    const messages = new Set(
      fake
        .events()
        .filter(({ origin }) => origin === 'ordinary')
        .map(({ event }) => event.id),
    );
    expect(messages.size).toBeGreaterThanOrEqual(20);
    expect(messages.size).toBeLessThanOrEqual(60);
  });

  it('is the same for the same seed, and another for another', async () => {
    await start();
    const first = fake.events();
    await fake.close();
    await start();
    expect(fake.events()).toEqual(first);
    await fake.close();
    await start({ seed: 8 });
    expect(fake.events()).not.toEqual(first);
  });

  it('shows the first match a delay after the first poll of its app, and its conversion later', async () => {
    await start({ matchingDelayMs: 3_000 });
    nowMs += 600_000;
    const matches = async (path = PATH) => {
      const { data } = await page(`date_from=2026-11-22T15:10:00&date_to=2026-12-31&limit=1000`, path);
      return data.filter(({ type }) => type === 'keyword' || type === 'converted');
    };
    const firstPollMs = nowMs;
    expect(await matches()).toEqual([]);
    nowMs = firstPollMs + 2_999;
    expect(await matches()).toEqual([]);
    nowMs = firstPollMs + 3_000;
    const [match, ...others] = await matches();
    expect(others).toEqual([]);
    expect(match).toMatchObject({ type: 'keyword', type_value: "I'm ready to order!", phone: '12025550123' });
    expect(Date.parse(`${match?.date}Z`)).toBeGreaterThanOrEqual(firstPollMs + 3_000);
    nowMs = firstPollMs + 7_000;
    expect(await matches()).toContainEqual(expect.objectContaining({ id: match?.id, type: 'converted' }));
    expect(await matches('/v1/clients/c-456/apps/72833/events')).toEqual([]);
  });

  it('first shows what is wanted, in the app it is wanted in; the others follow five seconds apart', async () => {
    const wanted = { app: '72833', type: 'button', text: 'talk to us', campaign: '77', ad: '78' } as const;
    await start({ firstMatch: wanted });
    await page(ALL);
    await page(ALL, '/v1/clients/c-456/apps/72833/events');
    const firsts = () => fake.events().filter(({ origin }) => origin === 'first-match');
    nowMs += 3_000;
    expect(firsts().map(({ event }) => event)).toMatchObject([
      { app_id: '72833', type: 'button', type_value: 'talk to us', campaign_id: '77', ad_id: '78' },
    ]);
    nowMs += 4_999;
    expect(firsts()).toHaveLength(1);
    nowMs += 1;
    expect(firsts().map(({ event }) => event.app_id)).toEqual(expect.arrayContaining(['72822', '72833']));
  });

  it('shows a conversion that is wanted first once', async () => {
    await start({ firstMatch: { type: 'converted' } });
    await page(ALL);
    nowMs += 60_000;
    const [first] = fake.events().filter(({ origin }) => origin === 'first-match');
    expect(first?.event.type).toBe('converted');
    expect(fake.events().filter(({ event }) => event.id === first?.event.id)).toHaveLength(1);
  });

  it('has late events, one message under several types, ids of both shapes, and only fictional numbers', async () => {
    await start();
    await page(ALL);
    nowMs += 3_600_000;
    const stored = fake.events();
    const events = stored.map(({ event }) => event);
    const lateByMs = stored.map(
      ({ appearedAtMs, event }) =>
        appearedAtMs - Date.parse(/[Z+]/.test(event.date) ? event.date : `${event.date}Z`),
    );
    expect(Math.max(...lateByMs)).toBeGreaterThan(60_000);
    expect(Math.max(...lateByMs)).toBeLessThan(602_000);

    const typesOf = Map.groupBy(events, ({ id }) => id);
    expect([...typesOf.values()].some((list) => new Set(list.map(({ type }) => type)).size > 1)).toBe(true);
    for (const list of typesOf.values()) expect(new Set(list.map(({ type }) => type)).size).toBe(list.length);
    for (const shape of [/^ABGG[\w-]{24}$/, /^wamid\.HBg.*=$/, /\+/, /\//])
      expect(events.some(({ id }) => shape.test(id))).toBe(true);
    for (const { phone } of events) expect(phone).toMatch(/^(120255501\d\d|US\.madeup[0-9a-f]{12})$/);

    const types = new Set(events.map(({ type }) => type));
    expect([...types].sort()).toEqual(
      expect.arrayContaining([
        'button',
        'button_reply',
        'conversation',
        'converted',
        'engagement',
        'keyword',
        'list_reply',
      ]),
    );
    const datesAsDocumented = events.filter(({ date }) =>
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(date),
    ).length;
    expect(datesAsDocumented / events.length).toBeGreaterThan(0.7);
    expect(datesAsDocumented).toBeLessThan(events.length);
  });

  it('keeps campaigns and ads to their app', async () => {
    await start();
    nowMs += 600_000;
    const adsOf = (app: string) =>
      new Set(fake.events().map(({ event }) => (event.app_id === app ? event.ad_id : null)));
    const [first, second] = [adsOf('72822'), adsOf('72833')];
    expect([first.size, second.size]).toEqual([5, 5]);
    expect([...first].filter((ad) => second.has(ad))).toEqual([null]);
  });

  it('does not make up for a long sleep', async () => {
    await start();
    nowMs += 30 * 86_400_000;
    expect(fake.events().length).toBeLessThan(6_000);
  });
});

describe('with a directory', () => {
  it('serves after a restart what it served before, gives out no id twice and greets an app once', async () => {
    await start({ directory });
    await page(ALL);
    nowMs += 10_000;
    const before = (await page(`${ALL}&limit=1000`)).data;
    expect(fake.events().filter(({ origin }) => origin === 'first-match')).toHaveLength(1);
    for (const _ of ['second run', 'third run']) {
      await fake.close();
      await start({ directory });
      nowMs += 10_000;
      fake.events();
    }
    const after = (await page(`${ALL}&limit=1000`)).data;
    expect(after).toEqual(expect.arrayContaining(before));
    const events = fake.events();
    expect(new Set(events.map(({ event }) => `${event.id} ${event.type}`)).size).toBe(events.length);
    expect(events.filter(({ origin }) => origin === 'first-match')).toHaveLength(1);
  });

  it('still owes the first match when it was killed before it', async () => {
    await start({ directory });
    await page(ALL);
    await fake.close();
    nowMs += 60_000;
    await start({ directory });
    expect(fake.events().filter(({ origin }) => origin === 'first-match')).toHaveLength(1);
  });

  it('has written an event before it is served, and drops a line a kill cut short', async () => {
    await start({ directory, traffic: false });
    fake.inject({ id: 'kept' });
    const path = join(directory, 'events.jsonl');
    expect(readFileSync(path, 'utf8')).toContain('"id":"kept"');
    await fake.close();
    appendFileSync(path, '{"kind":"event","cli');
    await start({ directory, traffic: false });
    fake.inject({ id: 'next' });
    await fake.close();
    await start({ directory, traffic: false });
    expect(
      fake
        .events()
        .map(({ event }) => event.id)
        .sort(),
    ).toEqual(['kept', 'next']);
  });
});

it('takes the next free port when the one asked for is busy', async () => {
  await start({ traffic: false });
  const second = await startFakeSignals({
    apps: APPS,
    token: 't',
    port: fake.port,
    now: () => nowMs,
    traffic: false,
  });
  expect(second.port).toBeGreaterThan(fake.port);
  expect((await fetch(`${second.url}/local/events`)).status).toBe(200);
  await second.close();
});
