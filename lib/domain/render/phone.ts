import anyAscii from 'any-ascii';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { defang } from './defang.ts';
import { cleanInline, cutGraphemes } from './sanitise.ts';

export type PhoneView = 'masked' | 'full';

/** Digits by which a number is recognised in a text however its country and area are written. */
const TAIL_DIGITS = 7;
const HANDLE_GRAPHEMES_MAX = 40;
/** A longer one is no handle, and a pattern for each of its characters would be more than the engine compiles. */
const HANDLE_UNITS_SOUGHT_MAX = 200;
const MASK = '***';
const GAP = String.raw`[\s().\-/\u2010-\u2015\u2212\p{M}]{0,3}`;
const DATE = String.raw`(?<!\p{Nd})(?:\d\d?([./-])\d\d?\2(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)(?![./-]?\p{Nd})`;
/** The last leaves out six to nine digits before a few more: an order number and its quantity, hardly a number to call. */
const NUMBERS = [
  String.raw`[+＋]${GAP}\p{Nd}(?:${GAP}\p{Nd}){7,}`,
  String.raw`\p{Nd}{10,}`,
  String.raw`\(?(?<!\p{Nd})(?!\p{Nd}{6,9}\s\p{Nd}{1,3}(?!\p{Nd}))\p{Nd}(?:${GAP}\p{Nd}){9,}`,
].join('|');
const DATE_OR_NUMBER = new RegExp(`(${DATE})|${NUMBERS}`, 'gu');
const DIGIT_RUN = /[+(]{0,2}\p{Nd}(?:[^\p{L}\p{Nd}]{0,3}\p{Nd})+/gu;

/** The lead's number or handle as this receiver may see it; `short` is for SMS. Undefined: none was given. */
export function showPhone(
  phone: string | undefined,
  view: PhoneView,
  style: 'long' | 'short',
): string | undefined {
  const handle = cleanInline(phone ?? '');
  if (handle === '') return undefined;
  const isNumber = /^[+(]?[\p{Nd}\s().\-/]+$/u.test(handle);
  if (view === 'full')
    return isNumber ? showFull(handle, style) : cutGraphemes(defang(handle), HANDLE_GRAPHEMES_MAX);
  return isNumber ? maskNumber(digitsOf(handle), style) : maskHandle(handle);
}

/** A function that hides the lead's own number or handle where it occurs in a text; without effect for the view `full`. */
export function phoneMasker(phone: string | undefined, view: PhoneView): (text: string) => string {
  const handle = cleanInline(phone ?? '');
  if (view === 'full' || handle === '') return (text) => text;
  const digits = digitsOf(handle);
  const tail = digits.slice(-TAIL_DIGITS);
  const sought = /\p{L}/u.test(handle) && handle.length > 4 ? patternOf(handle) : undefined;
  const hide = (run: string): string => (digitsOf(run).includes(tail) ? MASK : run);
  return (text) => {
    const hidden = sought === undefined ? text : text.replace(sought, MASK);
    return digits.length < TAIL_DIGITS ? hidden : hidden.replace(DIGIT_RUN, hide);
  };
}

/** Hides every run that looks like a phone number, whoever's; order numbers of up to nine digits stay readable. */
export function maskNumbers(text: string): string {
  return text.replace(DATE_OR_NUMBER, (run, date: string | undefined) => (date === undefined ? MASK : run));
}

function showFull(handle: string, style: 'long' | 'short'): string {
  const international = `+${digitsOf(handle)}`;
  if (style === 'short') return cutGraphemes(international, HANDLE_GRAPHEMES_MAX);
  const isWhole = digitsOf(handle).length >= TAIL_DIGITS;
  const parsed = isWhole ? parsePhoneNumberFromString(international) : undefined;
  return parsed?.formatInternational() ?? cutGraphemes(defang(handle), HANDLE_GRAPHEMES_MAX);
}

function maskNumber(digits: string, style: 'long' | 'short'): string {
  const end = digits.length < TAIL_DIGITS ? '' : digits.slice(-2);
  const country = parsePhoneNumberFromString(`+${digits}`)?.countryCallingCode;
  const start = country === undefined || end === '' ? '' : `+${country}`;
  if (style === 'short' || end === '') return `${start}${MASK}${end}`;
  return `${start} ${MASK} ** ${end}`.trimStart();
}

function maskHandle(handle: string): string {
  // The first characters of a short handle would be most of it.
  return handle.length > 4 ? `${cutGraphemes(handle, 2, '')}${MASK}` : MASK;
}

/** Digits of every script, as ASCII: a lead may write a number in the digits of the own language. */
function digitsOf(text: string): string {
  return text.replace(/\P{Nd}+/gu, '').replace(/[^0-9]/gu, (digit) => anyAscii(digit));
}

/** Compiled once for all texts of an alert: for a handle of thousands of characters that takes longer than the search. */
function patternOf(handle: string): RegExp {
  // Joiners are not seen, so they may stand anywhere in it and are of no use beside a mask.
  const joiners = '[\\u200C\\u200D]*';
  const isPattern = handle.length <= HANDLE_UNITS_SOUGHT_MAX;
  const sought = isPattern ? handle.replace(/[\u200C\u200D]/gu, '') : handle;
  const literal = Array.from(sought, (character) => character.replace(/[\\^$.*+?()[\]{}|/]/u, '\\$&'));
  return new RegExp(joiners + literal.join(isPattern ? joiners : '') + joiners, 'giu');
}
