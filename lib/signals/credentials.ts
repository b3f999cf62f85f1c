import { parseJson } from './body.ts';

/** Where the bearer token comes from. */
export type Credentials = {
  /** May fail; is asked before every request. */
  token(): Promise<string>;
  /** The API does not accept this token: if there may be a newer one, it is what `token` gives next. */
  refused(token: string): void;
};

/** One token for the life of the process. */
export function staticToken(value: string): Credentials {
  return { token: async () => value, refused: () => undefined };
}

/** Whether a token can stand in a header. Another would make the HTTP library fail with an error that quotes it. */
export function isSendable(token: string): boolean {
  return /^[\x21-\x7e]{1,4096}$/.test(token);
}

/** What a secret holds. `why` never quotes it. */
export type ParsedSecret =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'unusable'; readonly why: string };

/** Reads a secret of the form {"token": "…"}. */
export function parseSecret(text: string): ParsedSecret {
  const json = parseJson(text);
  if (json.kind === 'not-json') return unusable('it is not JSON');
  const { value } = json;
  if (typeof value !== 'object' || value === null) return unusable('it is not a JSON object');
  if (!('token' in value)) return unusable('it has no field "token"');
  if (typeof value.token !== 'string') return unusable('its "token" is not a string');
  const token = value.token.trim();
  if (token === '') return unusable('its "token" is empty');
  if (!isSendable(token)) {
    return unusable('its "token" holds a space or a character outside ASCII; leave out the word Bearer');
  }
  return { kind: 'token', token };
}

function unusable(found: string): ParsedSecret {
  return { kind: 'unusable', why: `the secret must be {"token": "…"}: ${found}` };
}
