import { describe, expect, it } from 'vitest';
import { readUntil, withoutTimes } from '../../lib/domain/coverage.ts';

describe('coverage', () => {
  it('reaches over windows in any order and stops at the first hole', () => {
    const covered = [
      { fromMs: 20, untilMs: 30 },
      { fromMs: 0, untilMs: 20 },
      { fromMs: 31, untilMs: 40 },
    ];
    expect(readUntil(5, covered)).toBe(30);
    expect(readUntil(30, covered)).toBe(30);
  });

  it('ends before the earliest event that has no row yet', () => {
    expect(withoutTimes([{ fromMs: 0, untilMs: 100 }], [70, 40])).toEqual([{ fromMs: 0, untilMs: 40 }]);
    expect(withoutTimes([{ fromMs: 0, untilMs: 100 }], [0])).toEqual([]);
    expect(withoutTimes([{ fromMs: 0, untilMs: 100 }], [100])).toEqual([{ fromMs: 0, untilMs: 100 }]);
  });

  it('is cut only where the event is', () => {
    const covered = [
      { fromMs: 0, untilMs: 100 },
      { fromMs: 200, untilMs: 300 },
    ];
    expect(withoutTimes(covered, [40])).toEqual([
      { fromMs: 0, untilMs: 40 },
      { fromMs: 200, untilMs: 300 },
    ]);
    expect(withoutTimes(covered, [250, 400])).toEqual([
      { fromMs: 0, untilMs: 100 },
      { fromMs: 200, untilMs: 250 },
    ]);
    expect(withoutTimes(covered, [150])).toEqual(covered);
  });
});
