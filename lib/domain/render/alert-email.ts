import type { AlertFacts } from '../ledger-row.ts';
import { isReadableAsAscii, toAscii } from './ascii.ts';
import { type Fields, fieldsOf, type Safe, safeFor } from './fields.ts';
import type { Message } from './message.ts';
import { showPhone } from './phone.ts';
import { cleanInline, cleanLines, cutGraphemes } from './sanitise.ts';
import { quotingSubject, toSubject } from './subject.ts';
import type { View } from './view.ts';
import { delay, longTime, span, timeInSentence } from './when.ts';

const WORDS_GRAPHEMES_MAX = 500;
const SUBJECT_WORDS_MAX = 99;
const SUBJECT_NAME_MAX = 40;
const LINES_MAX = 20;
const ID_GRAPHEMES_MAX = 40;

/** What the lead did, for the types in which the text is the lead's own. */
const DEEDS: ReadonlyMap<string, string> = new Map([
  ['keyword', 'wrote to'],
  ['conversation', 'wrote for the first time to'],
  ['engagement', 'wrote a second message to'],
  ['button', 'tapped a button of'],
  ['button_reply', 'tapped a button of'],
  ['list', 'chose from a list of'],
  ['list_reply', 'chose from a list of'],
]);

/** One alert as an e-mail in plain text: what happened first, the reference last. */
export function emailAlert(facts: AlertFacts, view: View, nowMs: number): Message {
  const safe = safeFor(facts, view, (text) => text);
  const fields = fieldsOf(facts, safe, WORDS_GRAPHEMES_MAX);
  const late = delay(facts.occurredAtMs, nowMs);
  const paragraphs = [
    [
      ...(late === undefined ? [] : [`Delayed: this happened ${late} ago.`]),
      opening(facts, fields, view, nowMs),
    ],
    quote(facts, safe),
    details(facts, fields, safe, view),
    [`Ref ${fields.reference}`],
  ];
  const body = paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
  return { channel: 'email', subject: subjectOf(facts, view), body };
}

function subjectOf(facts: AlertFacts, view: View): string {
  const safe = safeFor(facts, view, toAscii);
  const { app, rule, noun, words, keyword, reference } = fieldsOf(
    facts,
    safe,
    SUBJECT_WORDS_MAX,
    SUBJECT_NAME_MAX,
  );
  const ruleNamed = ` - rule ${rule}`;
  const quoted = readable(words, facts.text) ?? readable(keyword, facts.keyword);
  // Without a word to tell it by, the reference keeps the mail program from folding all such alerts into one thread.
  if (quoted === undefined) return toSubject(`${app}: ${noun ?? 'message'} Ref ${reference}${ruleNamed}`);
  const head = noun === undefined ? `${app}: ` : `${app}: ${noun} `;
  return quotingSubject(head, quoted, facts.type === 'converted' ? '' : ruleNamed);
}

/** What a subject can quote of a text: its spelling in ASCII, where that can be read. */
function readable(spelled: string | undefined, text: string | undefined): string | undefined {
  return isReadableAsAscii(cleanInline(text ?? '')) ? spelled?.replaceAll('"', "'") : undefined;
}

function opening(facts: AlertFacts, { app, noun }: Fields, view: View, nowMs: number): string {
  const time = timeInSentence(facts.occurredAtMs, nowMs, view.timeZone);
  const at = time === undefined ? '' : ` ${time}`;
  if (facts.type === 'converted') return `New conversion for ${app}${at}.`;
  const deed = DEEDS.get(facts.type);
  return deed === undefined ? `New event for ${app}${at}: ${noun}.` : `A lead ${deed} ${app}${at}.`;
}

function quote(facts: AlertFacts, safe: Safe): readonly string[] {
  const lines = safe.lines(facts.text ?? '');
  if (lines.length === 0) return [];
  const shown =
    lines.length <= LINES_MAX
      ? lines
      : [...lines.slice(0, LINES_MAX - 1), lines.slice(LINES_MAX - 1).join(' ')];
  const cut = cutGraphemes(shown.join('\n'), WORDS_GRAPHEMES_MAX, ' … (cut)');
  const plain = cleanLines(facts.text ?? '').join('\n');
  const isDefanged = /\[(?:\.|:|at)\]/u.test(cut) && !/\[(?:\.|:|at)\]/u.test(plain);
  const label = DEEDS.has(facts.type) ? "The lead's words:" : 'Recorded as:';
  const note = isDefanged ? ['(Addresses are written so that they cannot be tapped.)'] : [];
  return [label, ...cut.split('\n').map((line) => `> ${line}`), ...note];
}

function details(facts: AlertFacts, fields: Fields, safe: Safe, view: View): readonly string[] {
  const id = (text: string | undefined): string => safe.inline(text ?? '', ID_GRAPHEMES_MAX);
  const seenAt = longTime(facts.seenAtMs, view.timeZone);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Keyword', fields.keyword === undefined ? undefined : `"${fields.keyword}"`],
    ['Lead', showPhone(facts.phone, view.phones, 'long') ?? 'not given'],
    ['When', longTime(facts.occurredAtMs, view.timeZone) ?? 'not given'],
    ['Seen', seenAfter(facts) ?? seenAt],
    ['Rule', fields.rule],
    ['App', fields.app],
    ['Campaign', id(facts.campaignId)],
    ['Ad', id(facts.adId)],
  ];
  return rows.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [`${label}: ${value}`],
  );
}

function seenAfter({ occurredAtMs, seenAtMs }: AlertFacts): string | undefined {
  if (occurredAtMs === undefined || !Number.isFinite(occurredAtMs)) return undefined;
  const lagMs = seenAtMs - occurredAtMs;
  // A time in the future is what a wrong zone of the source looks like.
  if (lagMs < -60_000) return `${span(-lagMs)} before that time; is the time zone of the source right?`;
  return lagMs < 1000 ? 'at once' : `${span(lagMs)} later`;
}
