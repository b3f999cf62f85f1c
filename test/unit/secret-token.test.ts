import { createServer } from 'node:http';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, it } from 'vitest';
import { secretToken } from '../../lib/adapters/secrets/secret-token.ts';
import { closeServer, listenOnLoopback } from '../../lib/local/loopback-http.ts';

type Reply = { readonly status: number; readonly body: unknown };

const servers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of servers.splice(0)) await close();
});

/** Secrets Manager that answers what `reply` says, and how often it was asked. */
async function secretsAnswering(reply: () => Reply) {
  const counter = { asked: 0 };
  const server = createServer((request, response) => {
    counter.asked += 1;
    request.resume().on('end', () => {
      const { status, body } = reply();
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
  });
  const port = await listenOnLoopback(server, 0);
  servers.push(() => closeServer(server));
  const client = new SecretsManagerClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return { client, counter };
}

describe('the token in a secret', () => {
  it('is asked for once in five minutes, however many ask at once, and a changed one is used after that', async () => {
    let token = 'first';
    const { client, counter } = await secretsAnswering(() => ({
      status: 200,
      body: { SecretString: JSON.stringify({ token }) },
    }));
    let nowMs = 1_000_000;
    const credentials = secretToken(client, 'signals-alerts/credentials', {
      nowMs: () => nowMs,
      sleep: async () => undefined,
    });
    expect(await Promise.all([credentials.token(), credentials.token()])).toEqual(['first', 'first']);
    token = 'second';
    nowMs += 5 * 60_000 - 1;
    expect(await credentials.token()).toBe('first');
    expect(counter.asked).toBe(1);
    nowMs += 1;
    expect(await credentials.token()).toBe('second');
  });

  it('is read again at once when it was refused, at most twice a minute, and never for an earlier one', async () => {
    let token = 'first';
    const { client, counter } = await secretsAnswering(() => ({
      status: 200,
      body: { SecretString: JSON.stringify({ token }) },
    }));
    let nowMs = 1_000_000;
    const clock = { nowMs: () => nowMs, sleep: async () => undefined };
    const credentials = secretToken(client, 'signals-alerts/credentials', clock);
    expect(await credentials.token()).toBe('first');
    token = 'second';
    credentials.refused('first');
    expect(await Promise.all([credentials.token(), credentials.token()])).toEqual(['second', 'second']);
    expect(counter.asked).toBe(2);

    // Of an app whose request was under way with the earlier token.
    nowMs += 30_000;
    credentials.refused('first');
    expect(await credentials.token()).toBe('second');
    expect(counter.asked).toBe(2);

    for (const passedMs of [0, 29_999]) {
      nowMs += passedMs;
      credentials.refused('second');
      expect(await credentials.token()).toBe('second');
      expect(counter.asked).toBe(3);
    }
    nowMs += 1;
    credentials.refused('second');
    await credentials.token();
    expect(counter.asked).toBe(4);
  });

  it.for([
    {
      name: 'a missing secret is unauthorised, and named with the remedy',
      reply: { status: 400, body: { __type: 'ResourceNotFoundException' } },
      says: {
        because: 'unauthorised',
        message: /signals-alerts\/credentials does not exist; docs\/deploy\.md/,
      },
    },
    {
      name: 'a forbidden secret is unauthorised',
      reply: { status: 400, body: { __type: 'AccessDeniedException' } },
      says: { because: 'unauthorised', message: /may not be read/ },
    },
    {
      name: 'a secret of another form is unauthorised, and never quoted',
      reply: { status: 200, body: { SecretString: 'hunter2' } },
      says: { because: 'unauthorised', message: /it is not JSON/ },
    },
    {
      name: 'an error of the service is unavailable: it passes',
      reply: { status: 500, body: { __type: 'InternalServiceError' } },
      says: { because: 'unavailable', message: /could not be read/ },
    },
  ])('$name, and asked for again the next time', async ({ reply, says }) => {
    const { client, counter } = await secretsAnswering(() => reply);
    const clock = { nowMs: () => 0, sleep: async () => undefined };
    const credentials = secretToken(client, 'signals-alerts/credentials', clock);
    for (const attempt of [1, 2]) {
      const error: unknown = await credentials.token().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ because: says.because });
      expect(String(error)).toMatch(says.message);
      expect(String(error)).not.toContain('hunter2');
      expect(counter.asked).toBe(attempt);
    }
  });
});
