import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Credentials, parseSecret, staticToken } from '../../lib/signals/credentials.ts';
import { UnauthorisedError, UnavailableError } from '../../lib/signals/errors.ts';
import { scriptedSignals, TOKEN } from '../fixtures/scripted-signals.ts';

const api = scriptedSignals();

describe('credentials', () => {
  it('does not wait for credentials beyond the deadline', async () => {
    const never: Credentials = { token: () => new Promise(() => undefined) };
    const startMs = performance.now();
    // A pending promise alone does not keep a process; the server does here.
    expect(await api.failure({ credentials: never }, 60)).toBeInstanceOf(UnavailableError);
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
    const error = await api.failure({ credentials: { token } });
    expect(error).toBeInstanceOf(UnavailableError);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(TOKEN);
    expect(api.seen).toEqual([]);
  });

  it('passes on what credentials say in the words of this API', async () => {
    const error = new UnauthorisedError('the secret is unusable', { request: 'GET secret' });
    expect(await api.failure({ credentials: { token: () => Promise.reject(error) } })).toBe(error);
  });

  it.for(['', 'a b', 'tok-\nEXAMPLE', 'tök', 'x'.repeat(5000)])(
    'does not send the token %j',
    async (token) => {
      const error = await api.failure({ credentials: staticToken(token) });
      expect(error).toBeInstanceOf(UnauthorisedError);
      if (token !== '') expect(inspect(error, { depth: 9 })).not.toContain(token);
      expect(api.seen).toEqual([]);
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
