import { expect, it } from 'vitest';
import { type Automaton, buildAutomaton, scan } from '../../lib/domain/keywords/automaton.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** A small linear generator, so that each run counts the same steps. */
function words(count: number, seed: number): readonly string[] {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const word = () => Array.from({ length: 5 + next(6) }, () => LETTERS[next(LETTERS.length)]).join('');
  return Array.from({ length: count }, word);
}

/** Counts reads of the tables: all that the automaton does with a text goes through them. */
function countReads(
  patterns: readonly string[],
  text: string,
): { readonly reads: number; readonly hits: number } {
  let reads = 0;
  const counted = <T extends object>(table: T): T =>
    new Proxy(table, {
      get: (target, key) => {
        reads += 1;
        return Reflect.get(target, key);
      },
    });
  const plain = buildAutomaton([...new Set(patterns)].sort());
  const automaton: Automaton = {
    roots: counted(plain.roots),
    firstChild: counted(plain.firstChild),
    unit: counted(plain.unit),
    pattern: counted(plain.pattern),
    fail: counted(plain.fail),
    nextEnd: counted(plain.nextEnd),
  };
  let hits = 0;
  scan(automaton, text, () => {
    hits += 1;
  });
  return { reads, hits };
}

it('does not work more on a text for ten thousand keywords than a few times what it does for ten', () => {
  const text = words(2_000, 1).join(' ');
  const few = countReads(words(10, 2), text);
  const many = countReads(words(10_000, 2), text);
  // The count is the same on every run: 2.8 times. Keyword after keyword would be a thousand times.
  expect(many.reads).toBeLessThan(6 * few.reads);
});

it.for([
  {
    name: 'a run of one letter under nested keywords',
    text: 'a'.repeat(5_000),
    keywords: nested(100),
    hits: 495_050,
  },
  {
    name: 'a run of near misses',
    text: `${'a'.repeat(99)}b`.repeat(50),
    keywords: [`${'a'.repeat(100)}c`],
    hits: 0,
  },
  {
    name: 'a run that fails through every suffix',
    text: `${'a'.repeat(100)}x`.repeat(50),
    keywords: nested(100),
    hits: 252_500,
  },
])('works in proportion to the text and its hits on $name', ({ text, keywords, hits }) => {
  const { reads, hits: counted } = countReads(keywords, text);
  expect(counted).toBe(hits);
  expect(reads).toBeLessThan(12 * text.length + 2 * hits);
});

function nested(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => 'a'.repeat(index + 1));
}
