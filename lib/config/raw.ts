import type { Path } from './mistake.ts';

/** The entries of a map as it stands in the file; none if it is not a map: others say so. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

/** What stands behind a key; undefined: no such key, or no map. */
export function at(value: unknown, key: string): unknown {
  return entriesOf(value).find(([name]) => name === key)?.[1];
}

/** The value at the end of the path; undefined: it ends before. */
export function valueAt(top: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof step === 'number' ? itemsOf(value)[step] : at(value, String(step))),
    top,
  );
}

/** The items of a list as it stands in the file; none if it is not a list. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text and where it stands. */
export type Placed = { readonly text: string; readonly path: Path };

/** The texts of "one or a list of them", with their places; what is no text is left out. */
export function textsOf(value: unknown, path: Path): readonly Placed[] {
  if (typeof value === 'string') return [{ text: value, path }];
  return itemsOf(value).flatMap((item, index) =>
    typeof item === 'string' ? [{ text: item, path: [...path, index] }] : [],
  );
}
