import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { IANAZone } from 'luxon';
import * as z from 'zod';
import { DURATION, durationMs, formatDuration } from './durations.ts';
import { didYouMean } from './nearest.ts';
import { concealed } from './shown.ts';
import { sinceMs } from './since.ts';

/**
 * In these schemas a message is never a sentence: it continues the word "expected". This one stands for "the
 * same in quotes", which needs the spelling in the file.
 */
export const IN_QUOTES = 'text in quotes';

/** What to add to a message, where a schema knows better than the words made for every value. */
export type Words = { readonly found?: string | undefined; readonly hint?: string | undefined };

type Refuse = (expected: string, words?: Words) => never;

const WEB_ADDRESS = 'a web address that starts with https://';
const SECRET_NAME = '^[A-Za-z0-9/_+=.@-]{1,512}$';
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Says "in quotes" of a number or a yes/no where text is wanted, and `expected` of the rest. */
export function orInQuotes(expected: string) {
  return (issue: { readonly input?: unknown }): string =>
    typeof issue.input === 'number' || typeof issue.input === 'boolean' ? IN_QUOTES : expected;
}

/** Text without line breaks and not blank; the spaces around it go. */
export function line(expected: string, lengthMax: number) {
  return (
    z
      .string({ error: orInQuotes(expected) })
      .trim()
      .min(1, { error: expected })
      .max(lengthMax, { error: `${expected} of at most ${lengthMax} characters` })
      // No pattern: editors read those without the flag that gives \p{} its meaning.
      .refine((text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text), { error: `${expected} on one line` })
  );
}

/** Text of a fixed form. */
export function pattern(expected: string, form: RegExp) {
  return z.string({ error: orInQuotes(expected) }).regex(form, { error: expected });
}

/** A text that `read` turns into something; `refuse` says what was expected instead. */
function reading<T>(expected: string, read: (text: string, refuse: Refuse) => T) {
  return z.string({ error: expected }).transform((text, context): T => {
    const refuse: Refuse = (message, params = {}) => {
      context.addIssue({ code: 'custom', message, params });
      return z.NEVER;
    };
    return read(text, refuse);
  });
}

/** Milliseconds from a text such as "15m". */
export function duration(leastMs: number, mostMs: number) {
  const bounds = `from ${formatDuration(leastMs)} to ${formatDuration(mostMs)}`;
  const expected = `a duration such as "15m", "24h" or "7d", ${bounds}`;
  return reading(expected, (text, refuse) => {
    const millis = durationMs(text);
    return millis === undefined || millis < leastMs || millis > mostMs ? refuse(expected) : millis;
  }).meta({ pattern: DURATION.source });
}

/** An IANA time zone. */
export function timeZone() {
  const expected = 'an IANA time zone such as "Europe/Lisbon"';
  return reading(expected, (text, refuse) => {
    // The runtime also takes "+03:00" for a zone: an offset knows nothing of summer time.
    if (/^[A-Za-z]/.test(text) && IANAZone.isValidZone(text)) return text;
    return refuse(expected, { hint: didYouMean(text, ['UTC', ...Intl.supportedValuesOf('timeZone')]) });
  });
}

/** An e-mail address. */
export function emailAddress() {
  const expected = 'an e-mail address such as "sales@example.com"';
  return z.email({ error: expected }).max(254, { error: expected });
}

/** A phone number as E.164. */
export function phoneNumber() {
  const expected = 'a phone number with its country code, such as "+12025550123"';
  return z
    .string({ error: orInQuotes(expected) })
    .regex(/^\+[0-9][0-9 ().-]{5,30}$/, { error: expected })
    .transform((text, context) => {
      const number = parsePhoneNumberFromString(text);
      // Possible, not valid: numbering plans grow, and a number must not stop being accepted or start too late.
      if (number?.isPossible() === true) return String(number.number);
      context.addIssue({ code: 'custom', message: `${expected}, of a length that country uses` });
      return z.NEVER;
    });
}

/** An address of the Signals API, without the slash at its end. */
export function baseUrl() {
  return reading(WEB_ADDRESS, readBaseUrl);
}

function readBaseUrl(text: string, refuse: Refuse): string {
  const url = /^https?:\/\/\S+$/i.test(text) ? URL.parse(text) : null;
  // What stands in a name, password or query may be a secret: it is not repeated.
  if (url === null) return refuse(WEB_ADDRESS, /[@?]/.test(text) ? { found: concealed(text) } : {});
  if (url.username !== '' || url.password !== '') {
    return refuse('a web address without a user name or password', { found: 'one with them' });
  }
  if (url.search !== '' || url.hash !== '') {
    return refuse('a web address without ? and #', { found: 'one with them' });
  }
  if (isSafe(url)) return url.origin + url.pathname.replace(/\/+$/, '');
  return refuse(`${WEB_ADDRESS} (http:// only for this machine, such as http://localhost:8080)`);
}

function isSafe(url: URL): boolean {
  return url.protocol === 'https:' || LOOPBACK.test(url.hostname);
}

/** A name in Secrets Manager; what stands there instead may be the secret itself, and is not repeated. */
export function secretName() {
  const expected = 'the name of a secret in AWS Secrets Manager, such as "signals-alerts/credentials"';
  return reading(expected, (text, refuse) =>
    new RegExp(SECRET_NAME).test(text) ? text : refuse(expected, { found: concealed(text) }),
  ).meta({ pattern: SECRET_NAME });
}

/** A date or a moment, kept as written: what a date means depends on the zone of the file. */
export function since() {
  const expected =
    'a date such as "2026-11-01", or a date and time with its offset such as "2026-11-01T09:00:00-03:00"';
  return reading(expected, (text, refuse) => (sinceMs(text, 'UTC') === undefined ? refuse(expected) : text));
}
