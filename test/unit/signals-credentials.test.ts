import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Credentials, parseSecret, staticToken } from '../../lib/signals/credentials.ts';
import { UnauthorisedError, UnavailableError } from '../../lib/signals/errors.ts';
import { answer, SAMPLE, scriptedSignals, TOKEN } from '../fixtures/scripted-signals.ts';

const api = scriptedSignals();

describe('credentials', () => {
  it('does not wait for credentials beyond the deadline', async () => {
    const never: Credentials = { token: () => new Promise(() => undefined), refused: () => undefined };
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
    const error = await api.failure({ credentials: { token, refused: () => undefined } });
    expect(error).toBeInstanceOf(UnavailableError);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(TOKEN);
    expect(api.seen).toEqual([]);
  });

  it('passes on what credentials say in the words of this API', async () => {
    const error = new UnauthorisedError('the secret is unusable', { request: 'GET secret' });
    const credentials = { token: () => Promise.reject(error), refused: () => undefined };
    expect(await api.failure({ credentials })).toBe(error);
  });

  describe('that the API refuses', () => {
    /** Gives `tokens` in turn, the last one again and again, a new one only once the last was refused. */
    function rotating(...tokens: string[]) {
      const refused: string[] = [];
      const credentials: Credentials = {
        token: async () => tokens[Math.min(refused.length, tokens.length - 1)] ?? '',
        refused: (token) => refused.push(token),
      };
      return { credentials, refused };
    }
    const sent = () => api.seen.map((request) => request.headers.authorization);

    it('are asked for anew, and a fresh token is tried at once', async () => {
      const { credentials, refused } = rotating('old', 'new');
      api.answers(answer(401, ''), answer(200, SAMPLE));
      expect((await api.list({ credentials })).records).toHaveLength(1);
      expect(refused).toEqual(['old']);
      expect(sent()).toEqual(['Bearer old', 'Bearer new']);
    });

    it('are not tried again when they have not changed', async () => {
      api.answers(answer(401, ''));
      expect(await api.failure()).toBeInstanceOf(UnauthorisedError);
      expect(sent()).toEqual([`Bearer ${TOKEN}`]);
    });

    it('are tried twice at most, however often they change', async () => {
      const { credentials } = rotating('one', 'two', 'three');
      api.answers(answer(401, ''));
      expect(await api.failure({ credentials })).toMatchObject({ status: 401 });
      expect(sent()).toEqual(['Bearer one', 'Bearer two']);
    });

    it('fail as the API said when no fresh ones can be had', async () => {
      const { credentials, refused } = rotating('old');
      const token = async () => {
        if (refused.length > 0) throw new UnavailableError('not now', { request: 'GET secret' }, false);
        return 'old';
      };
      api.answers(answer(401, ''));
      const error = await api.failure({ credentials: { ...credentials, token } });
      expect(error).toMatchObject({ because: 'unauthorised', status: 401 });
    });

    it('are kept when only this app is not theirs', async () => {
      const { credentials, refused } = rotating('old', 'new');
      api.answers(answer(403, ''));
      await api.failure({ credentials });
      expect(refused).toEqual([]);
      expect(sent()).toEqual(['Bearer old']);
    });
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
