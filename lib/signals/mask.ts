const EXCERPT_CHARS_MAX = 200;
/** A token shorter than this would blank out ordinary words. */
const TOKEN_CHARS_MIN = 4;

const SECRET_FIELD = /("[\w-]{0,32}(?:token|password|secret|key)[\w-]{0,32}"\s*:\s*")[^"]*/gi;
const BEARER = /bearer\s+\S+/gi;
const EMAIL = /[^\s@"<>]{1,64}@[^\s@"<>]{1,255}/g;
/** Tokens, and event ids, which contain the lead's number. */
const LONG_RUN = /[A-Za-z0-9_~+/=-]{20,}/g;
const DATE_OR_NUMBER =
  /((?:19|20)\d\d-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])(?!\p{Nd}))|\+?\p{Nd}(?:[\s()./-]{0,2}\p{Nd}){5,}/gu;

/** Blanks out what may be a secret, an address, an id or a phone number; dates stay readable. */
export function maskText(text: string, token: string | undefined): string {
  const withoutToken =
    token !== undefined && token.length >= TOKEN_CHARS_MIN ? text.replaceAll(token, '***') : text;
  return withoutToken
    .replace(SECRET_FIELD, '$1***')
    .replace(BEARER, 'Bearer ***')
    .replace(EMAIL, '***')
    .replace(LONG_RUN, '***')
    .replace(DATE_OR_NUMBER, (_, date: string | undefined) => date ?? '***');
}

/** The beginning of a body in one line of at most 200 characters, masked; undefined when nothing is left to show. */
export function excerptOf(text: string, token: string | undefined): string | undefined {
  // Masked before it is cut: half a token would no longer look like one.
  const line = maskText(text, token)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line === '' ? undefined : [...line].slice(0, EXCERPT_CHARS_MAX).join('');
}
