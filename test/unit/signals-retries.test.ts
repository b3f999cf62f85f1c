import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../lib/signals/errors.ts';
import { answer, SAMPLE, scriptedSignals } from '../fixtures/scripted-signals.ts';

const api = scriptedSignals();

describe('what a moment may heal', () => {
  it('asks again after a 500', async () => {
    api.answers(answer(500, 'oops'), answer(502, '<html>'), answer(200, SAMPLE));
    expect((await api.list()).records).toHaveLength(1);
    expect(api.seen).toHaveLength(3);
  });

  it('gives up after two more attempts', async () => {
    api.answers(answer(503, 'oops'));
    expect(await api.failure()).toMatchObject({ because: 'unavailable', status: 503 });
    expect(api.seen).toHaveLength(3);
  });

  it('does not ask again before the time a 503 names', async () => {
    api.answers(answer(503, '', { 'retry-after': '20' }));
    expect((await api.failure()).retryAtMs).toBeGreaterThan(Date.now() + 15_000);
    expect(api.seen).toHaveLength(1);
  });

  it('asks again after a connection was reset', async () => {
    api.answers((response) => response.socket?.resetAndDestroy(), answer(200, SAMPLE));
    expect((await api.list()).records).toHaveLength(1);
  });

  it('asks again when the connection breaks inside the body', async () => {
    api.answers(
      (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"data":[', () => response.socket?.destroy());
      },
      answer(200, SAMPLE),
    );
    expect((await api.list()).records).toHaveLength(1);
    expect(api.seen).toHaveLength(2);
  });

  it('gives up on an attempt that hangs before or inside the answer', async () => {
    api.answers(
      () => undefined,
      (response) => response.writeHead(200).write('{"data":['),
      () => undefined,
    );
    const error = await api.failure({ attemptTimeoutMs: 50 });
    expect(error.message).toContain('no whole answer within 50 ms');
    expect(error).toBeInstanceOf(UnavailableError);
    expect(api.seen).toHaveLength(3);
  });

  it('calls a port nobody listens on unavailable', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const error = await api.failure({ baseUrl: `http://127.0.0.1:${port}` });
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('lets nothing go on after the deadline', async () => {
    api.answers(() => undefined);
    const startMs = performance.now();
    expect(await api.failure({ attemptTimeoutMs: 10_000 }, 80)).toBeInstanceOf(UnavailableError);
    expect(performance.now() - startMs).toBeLessThan(250);
    expect(api.seen).toHaveLength(1);
  });

  it('does not wait for an attempt that would start after the deadline', async () => {
    api.answers(answer(500, ''));
    const startMs = performance.now();
    expect(await api.failure({ retryDelayMs: 5000 }, 4000)).toMatchObject({ status: 500 });
    expect(performance.now() - startMs).toBeLessThan(250);
  });

  it.for([-1000, 0, Number.NaN])('asks nothing with %d ms left', async (leftMs) => {
    expect(await api.failure({}, leftMs)).toBeInstanceOf(UnavailableError);
    expect(api.seen).toEqual([]);
  });

  it.for([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e12])(
    'works with the time-out %d',
    async (attemptTimeoutMs) => {
      api.answers(answer(200, SAMPLE));
      expect((await api.list({ attemptTimeoutMs })).records).toHaveLength(1);
    },
  );
});
