import { describe, expect, it } from 'vitest';
import { halve, ignoresBounds, judgePage, type PageFacts, splitDays } from '../../lib/domain/whole-page.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MIDNIGHT = Date.UTC(2026, 10, 22);

describe('what an answer proves about its window', () => {
  const silent = { totalCount: undefined, limit: undefined };
  it.for<{ name: string; facts: PageFacts; verdict: string }>([
    {
      name: 'an empty one: whole',
      facts: { rowCount: 0, rowsMax: 9, totalCount: 9, limit: 1 },
      verdict: 'whole',
    },
    {
      name: 'a shorter one than was seen before: whole',
      facts: { rowCount: 4, rowsMax: 5, ...silent },
      verdict: 'whole',
    },
    {
      name: 'one as long as any before: nothing',
      facts: { rowCount: 5, rowsMax: 5, ...silent },
      verdict: 'unknown',
    },
    {
      name: 'one as long as any before whose total says that this is all: nothing',
      facts: { rowCount: 5, rowsMax: 5, totalCount: 5, limit: undefined },
      verdict: 'unknown',
    },
    {
      name: 'one as long as any before whose total says more: there is more',
      facts: { rowCount: 5, rowsMax: 5, totalCount: 6, limit: undefined },
      verdict: 'partial',
    },
    {
      name: 'a shorter one whose total says more: nothing',
      facts: { rowCount: 4, rowsMax: 5, totalCount: 5, limit: undefined },
      verdict: 'unknown',
    },
    {
      name: 'a shorter one whose total says that this is all: whole',
      facts: { rowCount: 4, rowsMax: 5, totalCount: 4, limit: undefined },
      verdict: 'whole',
    },
    {
      name: 'a shorter one at the limit it names: nothing',
      facts: { rowCount: 4, rowsMax: 5, totalCount: undefined, limit: 4 },
      verdict: 'unknown',
    },
    {
      name: 'a shorter one below the limit it names: whole',
      facts: { rowCount: 4, rowsMax: 5, totalCount: undefined, limit: 5 },
      verdict: 'whole',
    },
  ])('$name', ({ facts, verdict }) => {
    expect(judgePage(facts)).toBe(verdict);
  });
});

describe('a window that is too much for one answer', () => {
  it('is halved on a whole millisecond, the older half first, down to one second', () => {
    expect(halve({ fromMs: 1_000, untilMs: 4_001 })).toEqual([
      { fromMs: 1_000, untilMs: 2_500 },
      { fromMs: 2_500, untilMs: 4_001 },
    ]);
    expect(halve({ fromMs: 0, untilMs: 1_001 })).toHaveLength(2);
    expect(halve({ fromMs: 0, untilMs: 1_000 })).toBeUndefined();
  });

  it('is cut at every midnight for an API that knows only days', () => {
    expect(splitDays({ fromMs: MIDNIGHT - HOUR, untilMs: MIDNIGHT + DAY + HOUR })).toEqual([
      { fromMs: MIDNIGHT - HOUR, untilMs: MIDNIGHT },
      { fromMs: MIDNIGHT, untilMs: MIDNIGHT + DAY },
      { fromMs: MIDNIGHT + DAY, untilMs: MIDNIGHT + DAY + HOUR },
    ]);
    expect(splitDays({ fromMs: MIDNIGHT, untilMs: MIDNIGHT + HOUR })).toHaveLength(1);
    expect(splitDays({ fromMs: MIDNIGHT, untilMs: MIDNIGHT })).toEqual([]);
  });
});

describe('an API that does not narrow to the window', () => {
  const window = { fromMs: MIDNIGHT, untilMs: MIDNIGHT + HOUR };
  const [inside, before, after] = [MIDNIGHT + 1, MIDNIGHT - 4_001, MIDNIGHT + HOUR + 4_000];

  it.for<{ name: string; dates: (number | undefined)[]; ignores: boolean }>([
    { name: 'is seen by rows before it', dates: [before, before, inside], ignores: true },
    { name: 'is seen by rows after it', dates: [after, inside, after], ignores: true },
    { name: 'is not seen by as many within it', dates: [before, inside, after, inside], ignores: false },
    { name: 'is seen whatever rows have no date', dates: [before, undefined, undefined], ignores: true },
    {
      name: 'is not seen by what bounds that were widened and cut to seconds let in',
      dates: [MIDNIGHT - 4_000, MIDNIGHT + HOUR + 3_999],
      ignores: false,
    },
    { name: 'is not seen by nothing', dates: [], ignores: false },
  ])('$name', ({ dates, ignores }) => {
    expect(ignoresBounds(window, dates)).toBe(ignores);
  });
});
