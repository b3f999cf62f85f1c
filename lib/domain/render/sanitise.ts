const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Far more than any message shows: bounds the work that a text of any length can cause. */
const UNITS_READ_MAX = 8192;

/** A grapheme may be built of any number of characters; more than this on average is an attack on the layout. */
const UNITS_PER_GRAPHEME_MAX = 4;

const INVISIBLE = /[[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\uFFF9-\uFFFB]--[\u200C\u200D]]/gv;
/** Joiners belong between two emoji, which are one sign together, and non-joiners inside words of Arabic script. */
const STRAY_JOINER =
  /\u200D(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}]\u200D)|\u200D(?!\p{Extended_Pictographic})|\u200C(?<![\p{Script_Extensions=Arabic}&&\p{L}]\p{M}*\u200C)|\u200C(?![\p{Script_Extensions=Arabic}&&\p{L}])/gv;
const UNDISPLAYABLE = /[\p{Private_Use}\p{Noncharacter_Code_Point}]/gu;
const STACKED_MARKS = /(\p{Mark}{4})\p{Mark}+/gu;

/**
 * Text on one line that a reader sees in full: no controls, no direction or stray zero-width characters, nothing a
 * service refuses. Never throws, whatever the text.
 */
export function cleanInline(text: string): string {
  return visible(text)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}

/** As `cleanInline`, line by line; empty lines are left out. */
export function cleanLines(text: string): readonly string[] {
  return visible(text)
    .split(/[\n\r\u0085\u2028\u2029]+/u)
    .map((line) => line.replace(/[\p{Cc}\s]+/gu, ' ').trim())
    .filter((line) => line !== '');
}

/** At most `graphemesMax` of what a reader counts as characters, ending in `mark` where something was cut off. */
export function cutGraphemes(text: string, graphemesMax: number, mark = '…'): string {
  if (text.length <= graphemesMax) return text;
  const unitsMax = graphemesMax * UNITS_PER_GRAPHEME_MAX;
  let kept = '';
  let count = 0;
  for (const { segment } of graphemes.segment(text)) {
    if (count === graphemesMax || kept.length + segment.length > unitsMax) return trimCut(kept) + mark;
    kept += segment;
    count += 1;
  }
  return kept;
}

/** The beginning of a text without what made sense only before the rest: spaces and joiners at its end. */
export function trimCut(text: string): string {
  return text.replace(/[\s\u200C\u200D]+$/u, '');
}

/** What a reader counts as characters. */
export function* splitGraphemes(text: string): Generator<string> {
  for (const { segment } of graphemes.segment(text)) yield segment;
}

function visible(text: string): string {
  return text
    .slice(0, UNITS_READ_MAX)
    .toWellFormed()
    .replace(INVISIBLE, '')
    .replace(UNDISPLAYABLE, '')
    .replace(STRAY_JOINER, '')
    .normalize('NFC')
    .replace(STACKED_MARKS, '$1');
}
