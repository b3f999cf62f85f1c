import type { AlertFacts } from '../ledger-row.ts';
import { defang } from './defang.ts';
import { type Fields, fieldsOf, gist, safeFor } from './fields.ts';
import type { Message } from './message.ts';
import { showPhone } from './phone.ts';
import { alphabetOf, cutSms, SMS_UNITS, type SmsAlphabet, smsUnits, spellSms } from './sms-text.ts';
import type { View } from './view.ts';
import { shortTime } from './when.ts';

const APP_UNITS_MAX: Readonly<Record<SmsAlphabet, number>> = { gsm: 30, ucs2: 14 };
const NOUN_UNITS_MAX: Readonly<Record<SmsAlphabet, number>> = { gsm: 24, ucs2: 14 };
const RULE_UNITS_MAX = 24;
/** What the words keep, as far as they have it, before the rule is named. */
const WORDS_UNITS_MIN: Readonly<Record<SmsAlphabet, number>> = { gsm: 40, ucs2: 20 };
const LEAD_UNITS_MAX = 18;
const WORDS_GRAPHEMES_MAX = 160;

/** One alert as an SMS of one part. Where room lacks the words are cut, then the rule goes; the reference stays whole. */
export function smsAlert(facts: AlertFacts, view: View, nowMs: number): Message {
  const plain = fieldsOf(
    facts,
    safeFor(facts, view, (text) => text),
    WORDS_GRAPHEMES_MAX,
  );
  const alphabet = alphabetOf([plain.app, gist(plain)]);
  const spell = (text: string): string => spellSms(text, alphabet);
  const fields = fieldsOf(facts, safeFor(facts, view, spell), WORDS_GRAPHEMES_MAX);
  const app = cutSms(fields.app, alphabet, APP_UNITS_MAX[alphabet]);
  const noun =
    fields.noun === undefined ? undefined : cutSms(fields.noun, alphabet, NOUN_UNITS_MAX[alphabet]);
  // A line of its own keeps right-to-left words from reordering the digits after them.
  const gap = alphabet === 'ucs2' ? '\n' : ' ';
  const least = `${app}:${gap}${gist({ noun, words: undefined })}${gap}`;
  const lead = cutSms(
    defang(spell(showPhone(facts.phone, view.phones, 'short') ?? '')),
    alphabet,
    LEAD_UNITS_MAX,
  );
  const time = shortTime(facts.occurredAtMs, nowMs, view.timeZone) ?? '';
  const room = SMS_UNITS[alphabet] - smsUnits(least, alphabet);
  const reference = `Ref ${fields.reference}`;
  const roomBefore = (end: string): number =>
    SMS_UNITS[alphabet] - smsUnits(`${app}:${gap}${gap}${end}`, alphabet);
  const ruled = joined([lead, time, ruleOf(plain, fields, alphabet), reference]);
  const end =
    roomBefore(ruled) >= gistUnitsMin(noun, fields.words, alphabet)
      ? ruled
      : endWithin([lead, time, reference], alphabet, room);
  const what = gistWithin(noun, fields.words, alphabet, roomBefore(end));
  return { channel: 'sms', body: `${app}:${gap}${what}${gap}${end}` };
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** The rule's name; empty where it says nothing new, or is of a script that could reorder the digits beside it. */
function ruleOf(plain: Fields, { rule, noun }: Fields, alphabet: SmsAlphabet): string {
  const isNeeded = rule !== noun && alphabetOf([plain.rule]) === 'gsm';
  return isNeeded ? cutSms(rule, alphabet, RULE_UNITS_MAX) : '';
}

function gistUnitsMin(noun: string | undefined, words: string | undefined, alphabet: SmsAlphabet): number {
  if (words === undefined) return smsUnits(gist({ noun, words }), alphabet);
  const frame = smsUnits(gist({ noun, words: '' }), alphabet);
  return frame + Math.min(smsUnits(words, alphabet), WORDS_UNITS_MIN[alphabet]);
}

/** The parts joined, without the first ones where there is no room for all. The last always stays. */
function endWithin(parts: readonly string[], alphabet: SmsAlphabet, room: number): string {
  const end = joined(parts);
  return parts.length === 1 || smsUnits(end, alphabet) <= room
    ? end
    : endWithin(parts.slice(1), alphabet, room);
}

function gistWithin(
  noun: string | undefined,
  words: string | undefined,
  alphabet: SmsAlphabet,
  room: number,
): string {
  const frame = smsUnits(gist({ noun, words: '' }), alphabet);
  const cut = words === undefined ? '' : cutSms(words, alphabet, room - frame);
  return gist({ noun, words: cut === '' ? undefined : cut });
}
