import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkBaseUrl } from '../../lib/signals/base-url.ts';
import { RejectedError } from '../../lib/signals/errors.ts';
import {
  answer,
  PARAMETERS,
  SAMPLE,
  SAMPLE_RECORD,
  scriptedSignals,
  TOKEN,
} from '../fixtures/scripted-signals.ts';

const api = scriptedSignals();

describe('what is asked', () => {
  it('sends every parameter under its documented name, and the token in the header alone', async () => {
    api.answers(answer(200, SAMPLE));
    await api
      .client()
      .listEvents(
        { ...PARAMETERS, offset: 500, eventType: 'converted', eventTypeId: 'keyword#1', adId: '23851' },
        Date.now() + 5000,
      );
    const url = new URL(api.seen[0]?.url ?? '', api.origin);
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
    expect(api.seen[0]?.headers).toMatchObject({
      accept: 'application/json',
      authorization: `Bearer ${TOKEN}`,
      'user-agent': 'signals-alerts',
    });
    expect(api.seen[0]?.url).not.toContain(TOKEN);
  });

  it('leaves out parameters that are not given', async () => {
    api.answers(answer(200, SAMPLE));
    await api.list();
    expect([...new URL(api.seen[0]?.url ?? '', api.origin).searchParams.keys()]).toEqual([
      'date_from',
      'date_to',
      'limit',
      'offset',
    ]);
  });

  it('keeps the path of the base URL', async () => {
    api.answers(answer(200, SAMPLE));
    await api.list({ baseUrl: `${api.origin}/mocks/signals/` });
    expect(api.seen[0]?.url).toMatch(/^\/mocks\/signals\/v1\/clients\/c-123\//);
  });

  it.for(['..', '.', '', '%2e%2e', 'a/b', 'a?b', '@host', 'a\n', 'x'.repeat(65)])(
    'asks nothing for the id %j, which could leave the path',
    async (id) => {
      api.answers(answer(200, SAMPLE));
      const asked = api.client().listEvents({ ...PARAMETERS, app: id }, Date.now() + 5000);
      await expect(asked).rejects.toBeInstanceOf(RejectedError);
      expect(api.seen).toEqual([]);
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
    expect(() => api.client({ baseUrl })).toThrow(TypeError);
  });
});

describe('answers that are a list', () => {
  it('gives the records and the hints', async () => {
    api.answers(answer(200, SAMPLE));
    expect(await api.list()).toEqual({ records: [SAMPLE_RECORD], totalCount: 1, limit: 1000 });
  });

  it('takes a bare list', async () => {
    api.answers(answer(200, '[{"id":"a"}]'));
    expect(await api.list()).toEqual({ records: [{ id: 'a' }], totalCount: undefined, limit: undefined });
  });

  it('unpacks a compressed answer', async () => {
    api.answers(answer(200, gzipSync(SAMPLE), { 'content-encoding': 'gzip' }));
    expect((await api.list()).records).toHaveLength(1);
  });

  it('keeps every digit of an ad id that came as a number', async () => {
    api.answers(answer(200, '[{"ad_id":23851172049950329}]'));
    expect((await api.list()).records).toEqual([{ ad_id: '23851172049950329' }]);
  });

  it('takes a list that was called HTML by its header', async () => {
    api.answers(answer(200, SAMPLE, { 'content-type': 'text/html' }));
    expect((await api.list()).records).toHaveLength(1);
  });
});
