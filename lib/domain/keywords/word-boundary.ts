// Script extensions, not scripts: the long-vowel mark ー belongs to both kana and to neither alone.
const JOINS =
  /^[[\p{L}\p{M}\p{N}]--[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]]$/v;

/**
 * Whether the code point makes one word with another such beside it: letters, digits and marks do, except in
 * scripts that put no spaces between words, where nothing tells one word's end. False for "".
 */
export function joins(codePoint: string): boolean {
  return JOINS.test(codePoint);
}

/** The code point that starts at `index` of a well-formed text; "" at its end. */
export function codePointAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? '' : String.fromCodePoint(code);
}

/** The code point that ends before `index` of a well-formed text; "" at its start. */
export function codePointBefore(text: string, index: number): string {
  const isTrail = index > 1 && (text.charCodeAt(index - 1) & 0xfc00) === 0xdc00;
  return text.slice(index - (isTrail ? 2 : 1), index);
}
