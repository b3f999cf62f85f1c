import { buildAutomaton, scan } from './automaton.ts';
import { type Accents, normalise } from './normalise.ts';
import { codePointAt, codePointBefore, joins } from './word-boundary.ts';

export type KeywordEntry = {
  readonly keyword: string;
  /** `word`: not inside a longer word, so that "hi" is not found in "history". */
  readonly match: 'word' | 'substring';
  readonly accents: Accents;
};

/** Names the entries found in a text by their index, each once, ascending. Never throws. */
export type KeywordMatcher = (text: string) => readonly number[];

/** Bounds what a matcher remembers to about 10 MB: texts repeat, because most are a button or an ad's own words. */
export const MEMO_TEXTS_MAX = 10_000;

/** Longer texts are matched anew each time: they hardly repeat. In UTF-16 units. */
export const MEMO_TEXT_LENGTH_MAX = 200;

const NONE: readonly number[] = [];

/**
 * Compiles all entries into one matcher, whose work on a text does not grow with their number. An entry that
 * normalises to nothing is never found.
 */
export function compileKeywords(entries: readonly KeywordEntry[]): KeywordMatcher {
  const passes = (['ignore', 'exact'] as const).flatMap((accents) => compilePass(entries, accents) ?? []);
  return remember((text) => {
    const found = passes.flatMap((pass) => pass(text));
    return found.length === 0 ? NONE : found.sort((left, right) => left - right);
  });
}

function compilePass(entries: readonly KeywordEntry[], accents: Accents): KeywordMatcher | undefined {
  const patterns = groupPatterns(entries, accents);
  if (patterns.length === 0) return undefined;
  const automaton = buildAutomaton(patterns.map(({ text }) => text));
  // Marks instead of a set: a keyword that occurs a thousand times in a text costs a thousand reads of one byte.
  const isFound = new Uint8Array(entries.length);

  return (rawText) => {
    const text = normalise(rawText, accents);
    const found: number[] = [];
    const add = (indexes: readonly number[]): void => {
      for (const index of indexes) {
        if (isFound[index] === 0) found.push(index);
        isFound[index] = 1;
      }
    };
    scan(automaton, text, (hit, end) => {
      const pattern = patterns[hit];
      if (pattern === undefined) return;
      add(pattern.substrings);
      if (pattern.words.length > 0 && isBounded(pattern, text, end)) add(pattern.words);
    });
    for (const index of found) isFound[index] = 0;
    return found;
  };
}

type Pattern = {
  /** Normalised. */
  readonly text: string;
  /** Whether a letter beside this end of it would make the word longer. */
  readonly joinsBefore: boolean;
  readonly joinsAfter: boolean;
  /** The entries written this way, by how they match. */
  readonly words: number[];
  readonly substrings: number[];
};

function groupPatterns(entries: readonly KeywordEntry[], accents: Accents): readonly Pattern[] {
  const byText = new Map<string, Pattern>();
  for (const [index, entry] of entries.entries()) {
    if (entry.accents !== accents) continue;
    const text = normalise(entry.keyword, accents);
    if (text === '') continue;
    const pattern = byText.get(text) ?? createPattern(text);
    byText.set(text, pattern);
    (entry.match === 'word' ? pattern.words : pattern.substrings).push(index);
  }
  return [...byText.keys()].sort().flatMap((text) => byText.get(text) ?? []);
}

function createPattern(text: string): Pattern {
  const joinsBefore = joins(codePointAt(text, 0));
  const joinsAfter = joins(codePointBefore(text, text.length));
  return { text, joinsBefore, joinsAfter, words: [], substrings: [] };
}

function isBounded(pattern: Pattern, text: string, end: number): boolean {
  if (pattern.joinsAfter && joins(codePointAt(text, end))) return false;
  return !(pattern.joinsBefore && joins(codePointBefore(text, end - pattern.text.length)));
}

function remember(match: KeywordMatcher): KeywordMatcher {
  const memo = new Map<string, readonly number[]>();
  return (text) => {
    if (text.length > MEMO_TEXT_LENGTH_MAX) return match(text);
    const known = memo.get(text);
    if (known !== undefined) return known;
    if (memo.size >= MEMO_TEXTS_MAX) memo.clear();
    const found = match(text);
    memo.set(text, found);
    return found;
  };
}
