import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { UnreadableError } from '../../lib/signals/errors.ts';
import { BODY_BYTES_MAX } from '../../lib/signals/http.ts';
import { answer, PHONE, SAMPLE, scriptedSignals } from '../fixtures/scripted-signals.ts';

const api = scriptedSignals();

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
    api.answers(answer(200, body));
    expect(await api.failure()).toBeInstanceOf(UnreadableError);
    expect(api.seen).toHaveLength(1);
  });

  it('tells what an error with status 200 says, without numbers', async () => {
    api.answers(answer(200, `{"error":"no such app for ${PHONE}"}`));
    expect((await api.failure()).message).toContain('no such app for ***');
  });

  it.for([204, 201, 206])('calls status %i unreadable, whatever its body', async (status) => {
    api.answers(answer(status, status === 204 ? '' : '{"data":[]}'));
    expect(await api.failure()).toBeInstanceOf(UnreadableError);
  });

  it('calls a list cut off at any byte unreadable, never an empty page', { timeout: 15_000 }, async () => {
    const bytes = Buffer.from(SAMPLE);
    for (let length = 0; length < bytes.length; length++) {
      api.answers(answer(200, bytes.subarray(0, length)));
      const error = await api.failure();
      expect(error, `cut after ${length} bytes`).toBeInstanceOf(UnreadableError);
      // It may hold a lead's words.
      expect(error.excerpt).toBeUndefined();
    }
  });

  it('takes a packed list cut off at any byte for whole or unreadable, never for a shorter one', {
    timeout: 15_000,
  }, async () => {
    const bytes = gzipSync(SAMPLE);
    let unreadableCount = 0;
    for (let length = 0; length < bytes.length; length++) {
      api.answers(answer(200, bytes.subarray(0, length), { 'content-encoding': 'gzip' }));
      const outcome = await api.list().catch((error: unknown) => error);
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
    api.answers(answer(200, SAMPLE, { 'content-encoding': 'gzip' }));
    expect(await api.failure()).toBeInstanceOf(UnreadableError);
  });

  it('stops reading a body that is too large', async () => {
    let sentBytes = 0;
    api.answers((response) => {
      response.writeHead(200);
      response.write('[');
      const chunk = Buffer.alloc(1024 * 1024, '0,');
      const send = () => {
        while (!response.destroyed && response.write(chunk)) sentBytes += chunk.length;
        sentBytes += chunk.length;
      };
      response.on('drain', send);
      send();
    });
    const error = await api.failure();
    expect(error).toBeInstanceOf(UnreadableError);
    expect(error.message).toContain('longer than');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const sentBefore = sentBytes;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sentBytes).toBe(sentBefore);
  });

  it('unpacks no more of a gzip bomb than is allowed', async () => {
    const bomb = gzipSync(Buffer.alloc(BODY_BYTES_MAX * 8, ' '));
    api.answers(answer(200, bomb, { 'content-encoding': 'gzip' }));
    const error = await api.failure();
    expect(error.message).toContain(`longer than ${BODY_BYTES_MAX} bytes`);
  });

  it('takes a body of exactly the allowed size, and none of one byte more', async () => {
    const full = `[${' '.repeat(BODY_BYTES_MAX - 2)}]`;
    api.answers(answer(200, full), answer(200, `${full} `));
    expect((await api.list()).records).toEqual([]);
    expect(await api.failure()).toBeInstanceOf(UnreadableError);
  });
});
