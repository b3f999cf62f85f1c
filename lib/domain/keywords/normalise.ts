/** Whether "cafe" finds "café": combining marks U+0300-036F are ignored, or everything counts. */
export type Accents = 'ignore' | 'exact';

// Written as escapes because most of them look alike, which is the very reason they are made one.
const APOSTROPHES =
  '\u0060\u00B4\u02B9\u02BB-\u02BF\u0374\u0384\u055A\u05F3\u07F4\u07F5\u1FBD\u1FBF\u1FCD-\u1FCF\u1FDD-\u1FDF\u1FEF\u1FFD\u1FFE\u2018-\u201B\u2032\u2035\u2039\u203A\u275B\u275C\uA78B\uA78C\uFF07\uFF40';
const QUOTES =
  '\u00AB\u00BB\u02DD\u02EE\u05F4\u201C-\u201F\u2033\u2034\u2036\u2037\u2057\u275D\u275E\u2760\u2E42\u301D-\u301F\uFF02\u{1F676}-\u{1F678}';
const DASHES = '\\p{Dash_Punctuation}\u02D7\u2043\u207B\u208B\u2212';

// Tags (U+E0020-E007F) stay: they alone tell the flags of England, Scotland and Wales apart. The signs for
// trade and service marks go: compatibility composition would glue the letters "tm" to the name before them.
const UNSEEN = '[\\p{Default_Ignorable_Code_Point}\u2120\u2122]--[\u{E0020}-\u{E007F}]';

const LOOK_ALIKES = new RegExp(`[${APOSTROPHES}${QUOTES}${DASHES}[${UNSEEN}]]`, 'gv');
const IS_APOSTROPHE = new RegExp(`[${APOSTROPHES}]`, 'v');
const IS_QUOTE = new RegExp(`[${QUOTES}]`, 'v');
const IS_DASH = new RegExp(`[${DASHES}]`, 'v');

const ACCENTS = /[\u0300-\u036F]/gu;
const ASCII = /^[\0-\x7F]*$/u;
const SPACES = /[\s\u0085]+/g;
const IS_UNEVEN = /[^\S ]|\u0085| {2}/;

// Normalising sorts a run of marks in quadratic time: without a limit one hostile message stalls a tick. Thirty is
// the run that Unicode's own stream-safe format allows; no language comes near it, and a short text cannot hurt.
const MARKS_BEYOND_THIRTY = /(\p{M}{30})\p{M}+/gu;
const LENGTH_WITHOUT_HARM = 500;

/**
 * The form in which keywords and texts are compared: case, look-alike punctuation, invisible characters, kinds
 * of white space and ways to encode one character no longer differ. Total: any string has one. May be empty.
 */
export function normalise(text: string, accents: Accents): string {
  if (ASCII.test(text)) return joinSpaces(text.replaceAll('`', "'").toLowerCase());

  const unified = text.toWellFormed().replace(LOOK_ALIKES, unify);
  const composed = limitMarks(unified).replaceAll('ŉ', "'n").replaceAll('ẚ', "a'").normalize('NFKC');
  const folded = foldCase(composed);
  return joinSpaces(accents === 'ignore' ? stripAccents(folded) : folded);
}

// Done before composing, which takes some of these apart into a space and an accent.
function unify(character: string): string {
  if (IS_APOSTROPHE.test(character)) return "'";
  if (IS_QUOTE.test(character)) return '"';
  return IS_DASH.test(character) ? '-' : '';
}

function limitMarks(text: string): string {
  return text.length <= LENGTH_WITHOUT_HARM ? text : text.replace(MARKS_BEYOND_THIRTY, '$1');
}

/**
 * Full case folding: the way up and down brings "ß" and "ss" together, ẞ alone has no way up. I, İ, ı and i become
 * one, because which of them are a pair depends on a language that a message does not name.
 */
function foldCase(text: string): string {
  return text
    .replaceAll('ẞ', 'ß')
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replaceAll('i\u0307', 'i')
    .normalize('NFC');
}

function stripAccents(text: string): string {
  return text.normalize('NFD').replace(ACCENTS, '').normalize('NFC');
}

function joinSpaces(text: string): string {
  return (IS_UNEVEN.test(text) ? text.replace(SPACES, ' ') : text).trim();
}
