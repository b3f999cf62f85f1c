import anyAscii from 'any-ascii';

const FOREIGN_LETTER =
  /[\p{L}--[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]]/v;

/** Whether the text can still be read after `toAscii`: transliterated Arabic or Chinese helps nobody. */
export function isReadableAsAscii(text: string): boolean {
  return !FOREIGN_LETTER.test(text);
}

/** Printable ASCII that sounds like the text. Emoji are left out; runs of spaces collapse. */
export function toAscii(text: string): string {
  return Array.from(text, (character) => asciiOf(character))
    .join('')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** Printable ASCII for one character; empty for an emoji and for what has no likeness. */
export function asciiOf(character: string): string {
  if (/\s/u.test(character)) return ' ';
  if (/[\p{Regional_Indicator}\p{Emoji_Modifier}]/u.test(character)) return '';
  const ascii = anyAscii(character).replace(/[^ -~]/gu, '');
  // The library names emoji, as in `:smile:`.
  return /^:.+:$/u.test(ascii) ? '' : ascii;
}
