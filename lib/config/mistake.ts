import { quoted } from './shown.ts';

/** One thing wrong in alerts.yaml, for the person who wrote it. Never holds the value of a credential. */
export type Mistake = {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The key as written in the file, such as `rules.ready.notify[0]`; empty: the file as a whole. */
  readonly path: string;
  /** Continues the words "expected …". */
  readonly expected: string;
  /** Continues the words "found …". */
  readonly found: string;
  /** What to do about it, where that can be guessed. */
  readonly hint?: string;
};

/** Keys and list positions from the top of the file. */
export type Path = readonly PropertyKey[];

/** Lines and columns count from 1. */
export type Position = { readonly line: number; readonly column: number };

/** A mistake before it is given a position and, unless it has its own words, what was found. */
export type Finding = {
  readonly path: Path;
  /** Where it stands, if not where the path leads. */
  readonly position?: Position | undefined;
  /** Whether the key itself is wrong, or what stands behind it. */
  readonly at: 'key' | 'value';
  readonly expected: string;
  readonly found?: string | undefined;
  readonly hint?: string | undefined;
};

/** One line for each mistake, in the order given. */
export function formatMistakes(mistakes: readonly Mistake[]): string {
  return mistakes.map(formatMistake).join('\n');
}

function formatMistake({ file, line, column, path, expected, found, hint }: Mistake): string {
  const subject = path === '' ? '' : `${path}: `;
  const advice = hint === undefined ? '' : ` - ${hint}`;
  return `${file}:${line}:${column}  ${subject}expected ${expected}, found ${found}${advice}`;
}

/** The path as a person would write it: `rules.ready.notify[0]`. */
export function formatPath(path: Path): string {
  return path.map(formatStep).join('').replace(/^\./, '');
}

function formatStep(step: PropertyKey): string {
  if (typeof step === 'number') return `[${step}]`;
  const key = String(step);
  return /^[A-Za-z0-9_-]{1,60}$/.test(key) ? `.${key}` : `[${quoted(key)}]`;
}
