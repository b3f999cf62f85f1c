import type { AlertFacts } from '../ledger-row.ts';
import { defang } from './defang.ts';
import { fieldsOf, gist, safeFor } from './fields.ts';
import type { Message } from './message.ts';
import { showPhone } from './phone.ts';
import { alphabetOf, cutSms, SMS_UNITS, type SmsAlphabet, smsUnits, spellSms } from './sms-text.ts';
import type { View } from './view.ts';
import { shortTime } from './when.ts';

const APP_UNITS_MAX: Readonly<Record<SmsAlphabet, number>> = { gsm: 30, ucs2: 14 };
const NOUN_UNITS_MAX: Readonly<Record<SmsAlphabet, number>> = { gsm: 24, ucs2: 14 };
const LEAD_UNITS_MAX = 18;
const WORDS_GRAPHEMES_MAX = 160;

/** One alert as an SMS of one part. The lead's words give way first; the reference is always whole. */
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
  const end = endWithin([lead, time, `Ref ${fields.reference}`], alphabet, room);
  const what = gistWithin(
    noun,
    fields.words,
    alphabet,
    SMS_UNITS[alphabet] - smsUnits(`${app}:${gap}${gap}${end}`, alphabet),
  );
  return { channel: 'sms', body: `${app}:${gap}${what}${gap}${end}` };
}

/** The parts joined, without the first ones where there is no room for all. The last always stays. */
function endWithin(parts: readonly string[], alphabet: SmsAlphabet, room: number): string {
  const end = parts.filter((part) => part !== '').join(' ');
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
