import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { runsOf } from '../fixtures/runs.ts';
import { FUZZES, runsFor } from './inputs/all.ts';

describe('fuzzing', () => {
  for (const fuzz of FUZZES) {
    it(`finds that ${fuzz.name}`, { timeout: 120_000 }, async () => {
      const report = await fuzz.run(runsFor(fuzz, runsOf(fuzz.kind, process.env)));
      expect(report.failure).toBeUndefined();
      expect(report.judged).toBeGreaterThanOrEqual(report.runs);
    });
  }
});
