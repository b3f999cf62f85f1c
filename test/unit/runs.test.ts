import { describe, expect, it } from 'vitest';
import { runsOf } from '../fixtures/runs.ts';
import { FUZZES, runsFor } from '../property/inputs/all.ts';

describe('how many inputs are tried', () => {
  it('comes from the environment, and is small without it', () => {
    expect(runsOf('body', { FUZZ_RUNS_BODY: '500000', FUZZ_RUNS_FILE: '7' })).toBe(500_000);
    expect(runsOf('render', {})).toBe(2_000);
    expect(runsOf('file', { FUZZ_RUNS_FILE: '' }, { render: 1, body: 2, file: 3 })).toBe(3);
  });

  it.for(['0', '-1', '1.5', '1e3', ' 7', 'many', '1000000000'])('is never %j', (value) => {
    expect(() => runsOf('render', { FUZZ_RUNS_RENDER: value })).toThrow(
      `FUZZ_RUNS_RENDER: expected a whole number from 1 to 999999999, found "${value}"; leave it out for 2000`,
    );
  });

  it('is shared out in full among what is fuzzed of a kind, with fifty bodies to be cut', () => {
    for (const kind of ['render', 'body', 'file'] as const) {
      const parts = FUZZES.filter((fuzz) => fuzz.kind === kind).map((fuzz) => runsFor(fuzz, 100_000));
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(100_000);
    }
    const cuts = FUZZES.find(({ name }) => name.includes('cut at any byte'));
    expect(cuts && runsFor(cuts, runsOf('body', {}))).toBe(50);
  });
});
