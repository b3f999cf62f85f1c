import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileKeywords, type KeywordEntry } from '../../lib/domain/keywords/matcher.ts';
import { type Accents, normalise } from '../../lib/domain/keywords/normalise.ts';

const ACCENTS: readonly Accents[] = ['ignore', 'exact'];
const WORD = /^[\p{L}\p{M}\p{N}]$/u;
const SPACELESS =
  /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]$/u;

// Unassigned, private and unified Han code points have neither case nor parts: nine in ten, and slow.
const ALL: readonly string[] = Array.from({ length: 0x11_0000 }, (_, code) =>
  String.fromCodePoint(code),
).filter((character) => /[^\p{Cn}\p{Co}\p{Unified_Ideograph}]/u.test(character));

/** The meaning of the rules and nothing else: try every place for every keyword. */
function findSlowly(entries: readonly KeywordEntry[], text: string): readonly number[] {
  return entries.flatMap((entry, index) => (occurs(entry, text) ? [index] : []));
}

function occurs({ keyword, match, accents }: KeywordEntry, text: string): boolean {
  const needle = [...normalise(keyword, accents)];
  const hay = [...normalise(text, accents)];
  if (needle.length === 0) return false;
  return hay.some((_, start) => {
    if (needle.some((character, offset) => hay[start + offset] !== character)) return false;
    if (match === 'substring') return true;
    const isCut = (inner: string | undefined, outer: string | undefined) =>
      isJoining(inner) && isJoining(outer);
    return !isCut(needle[0], hay[start - 1]) && !isCut(needle.at(-1), hay[start + needle.length]);
  });
}

function isJoining(character: string | undefined): boolean {
  return character !== undefined && WORD.test(character) && !SPACELESS.test(character);
}

// Few letters, so that keywords overlap, nest and touch; the rest stands for one kind of neighbour each.
const provoking = [
  ...['a', 'b', 'A', 'á', 'ä', 'ß', 's', 'S', 'σ', 'ς', 'Σ', 'i', 'I', 'İ', 'ı'],
  ...[
    ' ',
    ' ',
    '\u00A0',
    '\n',
    '\u200B',
    '\uFE0F',
    "'",
    '’',
    '"',
    '-',
    '—',
    '+',
    '_',
    '1',
    '\u0301',
    '\u0307',
  ],
  ...['中', '文', 'か', '\u3099', 'ー', 'ก', '\u0E31', '한', '𝒜', '𐐨', '𠮷', '😀', '\uD83D', '\uDE00'],
];
const alphabets = {
  'a handful of letters': fc.constantFrom('a', 'b'),
  'letters and what may stand beside them': fc.constantFrom(...provoking),
  'any code point': fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
};

function arbitraryEntries(unit: fc.Arbitrary<string>): fc.Arbitrary<readonly KeywordEntry[]> {
  return fc.array(
    fc.record({
      keyword: fc.string({ unit, maxLength: 5 }),
      match: fc.constantFrom<KeywordEntry['match']>('word', 'substring'),
      accents: fc.constantFrom(...ACCENTS),
    }),
    { maxLength: 20 },
  );
}

it.for(Object.entries(alphabets))(
  'always finds what a search for each keyword finds, over %s',
  ([, unit]) => {
    fc.assert(
      fc.property(
        arbitraryEntries(unit),
        fc.array(fc.string({ unit, maxLength: 40 }), { minLength: 1, maxLength: 4 }),
        (entries, texts) => {
          const match = compileKeywords(entries);
          for (const text of texts) expect(match(text)).toEqual(findSlowly(entries, text));
        },
      ),
      { numRuns: 1_500 },
    );
  },
);

it('always finds a keyword that stands between spaces, whatever it is', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 20 });
  fc.assert(
    fc.property(anything, anything, fc.constantFrom(...ACCENTS), (keyword, around, accents) => {
      fc.pre(normalise(keyword, accents) !== '');
      const match = compileKeywords([{ keyword, match: 'word', accents }]);
      expect(match(`${around} ${keyword} ${around}`)).toEqual([0]);
    }),
    { numRuns: 1_000 },
  );
});

it('never throws and always answers alike, whatever the units of the text', () => {
  const units = fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
    .map((codes) => String.fromCharCode(...codes));
  fc.assert(
    fc.property(fc.array(units, { maxLength: 5 }), units, (keywords, text) => {
      const entries = keywords.map(
        (keyword): KeywordEntry => ({ keyword, match: 'word', accents: 'ignore' }),
      );
      expect(compileKeywords(entries)(text)).toEqual(compileKeywords(entries)(text));
    }),
    { numRuns: 1_000 },
  );
});

it('every code point normalises to what it stays when normalised again', () => {
  const changed = ALL.flatMap((character) =>
    ACCENTS.filter((accents) => {
      const normal = normalise(character, accents);
      return normalise(normal, accents) !== normal;
    }).map((accents) => ({ character, accents })),
  );
  expect(changed).toEqual([]);
});

it('every letter, digit and mark is the same in upper case, lower case, composed and taken apart', () => {
  const different = ALL.filter((character) => WORD.test(character)).filter((character) => {
    const forms = [character.toUpperCase(), character.toLowerCase(), character.normalize('NFD')];
    return ACCENTS.some((accents) =>
      forms.some((form) => normalise(form, accents) !== normalise(character, accents)),
    );
  });
  expect(different).toEqual([]);
});
