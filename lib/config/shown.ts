const SHOWN_MAX = 60;
const NAMES_MAX = 8;

// Direction marks and control characters would let a value rewrite the line it is shown in.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text from the file as JSON, cut to a length that keeps a line readable. */
export function quoted(text: string): string {
  return escaped(JSON.stringify(cut(text)));
}

/** A text that speaks for itself, without quotes; as short and as harmless. */
export function bare(text: string): string {
  return escaped(cut(text));
}

function cut(text: string): string {
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX - 1)}…`;
}

function escaped(text: string): string {
  return text.replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A value from the file in words; `source` is how it was spelled there, because 072822 is not 72822. */
export function shown(value: unknown, source: string | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return `the number ${bare(source ?? String(value))}`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') {
    const keys = Object.keys(value);
    return keys.length === 0 ? 'an empty map' : `a map with ${listed(keys.map(bare))}`;
  }
  return bare(String(value));
}

/** What kind of value it is, and nothing of what it says: for places where people paste secrets. */
export function concealed(value: unknown): string {
  if (typeof value === 'string') return `text of ${value.length} characters that is not one`;
  return typeof value === 'number' ? 'a number' : shown(value, undefined);
}

/** Names one after the other, the end of a long list only counted. */
export function listed(names: readonly string[]): string {
  const first = names.slice(0, NAMES_MAX).join(', ');
  return names.length <= NAMES_MAX ? first : `${first} and ${names.length - NAMES_MAX} more`;
}
