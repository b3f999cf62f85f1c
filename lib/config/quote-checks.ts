import type { Finding } from './mistake.ts';
import type { Placed } from './raw.ts';
import { quoted } from './shown.ts';

const DOUBLE = '“”„‟«»「」『』〝〞〟＂';
const SINGLE = '‘’‚‛‹›';
const IN_DOUBLE = new RegExp(`^[${DOUBLE}].*[${DOUBLE}]$`, 'su');
const IN_SINGLE = new RegExp(`^[${SINGLE}].*[${SINGLE}]$`, 'su');
// No closing sign alone: a screen has 32”. No apostrophe alone: ’tis.
const ONLY_OPENED = new RegExp(`^[“„«「『][^${DOUBLE}]*$`, 'u');

/**
 * Phrases in the quotes that text programs put around them. To YAML these are letters like any other, so the lead
 * would have to write them too. Quotes that are meant can still be had: '"so"'.
 */
export function checkQuotes(phrases: readonly Placed[]): readonly Finding[] {
  return phrases.flatMap(({ text, path }) => {
    const hint = adviceOn(text.trim());
    return hint === undefined
      ? []
      : [{ path, at: 'value', expected: 'a phrase without quotes around it', hint }];
  });
}

function adviceOn(text: string): string | undefined {
  if (ONLY_OPENED.test(text)) return 'of a phrase with a comma, write all of it in "…"';
  if (!IN_DOUBLE.test(text) && !IN_SINGLE.test(text)) return undefined;
  const phrase = text.slice(1, -1).trim();
  const isOne = phrase !== '' && !new RegExp(`[${DOUBLE}]`, 'u').test(phrase);
  return isOne ? `write ${quoted(phrase)}` : 'write each phrase in "…", with commas between them';
}
