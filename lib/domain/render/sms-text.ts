import { SegmentedMessage } from 'sms-segments-calculator';
import { asciiOf } from './ascii.ts';
import { splitGraphemes, trimCut } from './sanitise.ts';

/** What an SMS is written in: GSM-7 holds 160 Western characters, UCS-2 holds 70 of any script. */
export type SmsAlphabet = 'gsm' | 'ucs2';

const BITS_PER_SEPTET = 7;
const ALIEN_LETTER = /[\p{L}--[\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]]/v;
const septetsByCharacter = new Map<string, number | undefined>();

/** Units in one part: septets in GSM-7, UTF-16 units in UCS-2. */
export const SMS_UNITS: Readonly<Record<SmsAlphabet, number>> = { gsm: 160, ucs2: 70 };

/** UCS-2 only where the smaller alphabet would turn letters of another script into something else. */
export function alphabetOf(texts: readonly string[]): SmsAlphabet {
  const isAlien = (character: string): boolean =>
    ALIEN_LETTER.test(character) && septetsOf(character) === undefined;
  return texts.some((text) => Array.from(text).some(isAlien)) ? 'ucs2' : 'gsm';
}

/** The text in the alphabet: in GSM-7 accents it lacks go, typographic signs become plain ones, emoji are left out. */
export function spellSms(text: string, alphabet: SmsAlphabet): string {
  if (alphabet === 'ucs2') return text;
  return Array.from(text, (character) => (septetsOf(character) === undefined ? gsmOf(character) : character))
    .join('')
    .replace(/ +/gu, ' ')
    .trim();
}

/** Units the text takes up in the alphabet it was spelled in. */
export function smsUnits(text: string, alphabet: SmsAlphabet): number {
  if (alphabet === 'ucs2') return text.length;
  return Array.from(text).reduce(
    (units, character) => units + (septetsOf(character) ?? Number.POSITIVE_INFINITY),
    0,
  );
}

/** Parts the text is sent and paid as. */
export function smsParts(text: string): number {
  const alphabet = alphabetNeeded(text);
  return smsUnits(text, alphabet) <= SMS_UNITS[alphabet] ? 1 : new SegmentedMessage(text).segmentsCount;
}

/** The text, or its beginning and `...`, within `unitsMax`; empty when not even a few characters would remain. */
export function cutSms(text: string, alphabet: SmsAlphabet, unitsMax: number): string {
  if (smsUnits(text, alphabet) <= unitsMax) return text;
  const mark = alphabet === 'gsm' ? '...' : '…';
  const room = unitsMax - mark.length;
  let kept = '';
  let units = 0;
  for (const grapheme of splitGraphemes(text)) {
    units += smsUnits(grapheme, alphabet);
    if (units > room) break;
    kept += grapheme;
  }
  return kept.trim() === '' ? '' : trimCut(kept) + mark;
}

/** The alphabet a phone network takes for the text as it is. */
function alphabetNeeded(text: string): SmsAlphabet {
  return Array.from(text).every((character) => septetsOf(character) !== undefined) ? 'gsm' : 'ucs2';
}

function gsmOf(character: string): string {
  // GSM-7 has no backtick, and those who write one mean an apostrophe.
  if (character === '`') return "'";
  return Array.from(asciiOf(character))
    .filter((ascii) => septetsOf(ascii) !== undefined)
    .join('');
}

/** What the character costs in GSM-7; undefined when it has none. Remembered: the library takes a while for each text. */
function septetsOf(character: string): number | undefined {
  if (character.length !== 1) return undefined;
  if (!septetsByCharacter.has(character)) septetsByCharacter.set(character, measure(character));
  return septetsByCharacter.get(character);
}

function measure(character: string): number | undefined {
  const measured = new SegmentedMessage(character);
  return measured.encodingName === 'GSM-7' ? measured.messageSize / BITS_PER_SEPTET : undefined;
}
