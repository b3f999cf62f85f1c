import { referenceOf } from '../identity.ts';
import type { AlertFacts } from '../ledger-row.ts';
import { defang } from './defang.ts';
import { maskNumbers, phoneMasker } from './phone.ts';
import { cleanInline, cleanLines, cutGraphemes } from './sanitise.ts';
import type { View } from './view.ts';

/** What the facts say, as texts that are safe to show: cleaned, the lead's number hidden, addresses defanged. */
export type Fields = {
  readonly app: string;
  readonly rule: string;
  /** What kind of thing happened, as a noun; undefined when the words say it all. */
  readonly noun: string | undefined;
  /** The event's text on one line, to be put in double quotes; undefined when there is none. */
  readonly words: string | undefined;
  readonly keyword: string | undefined;
  readonly reference: string;
};

/** Everything of an event is a stranger's text; the file's own names are only cleaned. */
export type Safe = {
  readonly inline: (text: string, graphemesMax: number) => string;
  /** As `inline` for the lead's own words, in which a number may be anybody's. */
  readonly words: (text: string, graphemesMax: number) => string;
  /** As `words`, line by line and not cut. */
  readonly lines: (text: string) => readonly string[];
  readonly name: (text: string, graphemesMax: number) => string;
};

const NAME_GRAPHEMES_MAX = 80;
const TYPE_GRAPHEMES_MAX = 40;
const NOUNS: ReadonlyMap<string, string> = new Map([
  ['converted', 'conversion'],
  ['conversation', 'first message'],
  ['engagement', 'second message'],
  ['button', 'button'],
  ['button_reply', 'button'],
  ['list', 'list choice'],
  ['list_reply', 'list choice'],
  ['link', 'link'],
]);

/** `spell` writes a text in the alphabet of the message; hiding and defanging come after it, on what is really sent. */
export function safeFor(facts: AlertFacts, view: View, spell: (text: string) => string): Safe {
  const mask = phoneMasker(facts.phone, view.phones);
  // A lead gives another number to be called on, or somebody else's: neither is for a receiver who may not see the
  // lead's, and a phone would make it one tap to call. Ids of campaigns look the same, so only the words are read so.
  const hideNumbers = view.phones === 'masked' ? maskNumbers : (text: string): string => text;
  const strange = (text: string): string => defang(mask(spell(mask(text))));
  const lead = (text: string): string => strange(hideNumbers(spell(hideNumbers(mask(text)))));
  const cutMark = spell('…');
  return {
    inline: (text, graphemesMax) => cutGraphemes(strange(cleanInline(text)), graphemesMax, cutMark),
    words: (text, graphemesMax) => cutGraphemes(lead(cleanInline(text)), graphemesMax, cutMark),
    lines: (text) => cleanLines(text).map(lead),
    name: (text, graphemesMax) => cutGraphemes(mask(spell(mask(cleanInline(text)))), graphemesMax, cutMark),
  };
}

/** `wordsMax` caps the event's text and `nameMax` each name, in graphemes. */
export function fieldsOf(
  facts: AlertFacts,
  safe: Safe,
  wordsMax: number,
  nameMax = NAME_GRAPHEMES_MAX,
): Fields {
  return {
    app: orElse(safe.name(facts.appName, nameMax), 'unnamed app'),
    rule: orElse(safe.name(facts.rule, nameMax), 'unnamed rule'),
    noun: nounOf(facts.type, safe),
    words: orElse(safe.words(facts.text ?? '', wordsMax).replace(/["“”„]/gu, "'"), undefined),
    keyword: orElse(safe.name(facts.keyword ?? '', NAME_GRAPHEMES_MAX), undefined),
    reference: referenceOf(facts.app, facts.event),
  };
}

/** What happened, in few words: `conversion "product ordered"`. */
export function gist(fields: Pick<Fields, 'noun' | 'words'>): string {
  const quoted = fields.words === undefined ? undefined : `"${fields.words}"`;
  if (fields.noun === undefined) return quoted ?? 'message';
  return quoted === undefined ? fields.noun : `${fields.noun} ${quoted}`;
}

function nounOf(type: string, safe: Safe): string | undefined {
  if (type === 'keyword') return undefined;
  const known = NOUNS.get(type);
  return known ?? orElse(safe.inline(type.replaceAll('_', ' '), TYPE_GRAPHEMES_MAX), 'event');
}

function orElse<T>(text: string, fallback: T): string | T {
  return text === '' ? fallback : text;
}
