import fc from 'fast-check';
import type { RunKind } from '../../fixtures/runs.ts';

/** What was done with one input: how many texts, bodies or files were judged, and what was wrong with them. */
export type Judgement = { readonly judged: number; readonly mistakes: readonly string[] };

export type FuzzReport = {
  readonly name: string;
  readonly runs: number;
  readonly judged: number;
  /** With the seed, the path to it and the smallest input found; undefined: nothing was wrong. */
  readonly failure: string | undefined;
};

/** Inputs of one kind, and what must not come of them. */
export type Fuzz = {
  readonly name: string;
  readonly kind: RunKind;
  /** Its part of the runs of its kind. */
  readonly share: number;
  run(runs: number, seed?: number): Promise<FuzzReport>;
};

/** `judge` may throw as well: that is a failure like any other. */
export function fuzz<T>(
  kind: RunKind,
  share: number,
  name: string,
  inputs: fc.Arbitrary<T>,
  judge: (input: T) => Judgement | Promise<Judgement>,
): Fuzz {
  return {
    name,
    kind,
    share,
    run: async (runs, seed) => {
      let total = 0;
      const property = fc.asyncProperty(inputs, async (input) => {
        const { judged, mistakes } = await judge(input);
        total += judged;
        if (mistakes.length > 0) throw new Error(mistakes.slice(0, 5).join('\n'));
      });
      const details = await fc.check(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) });
      return { name, runs: details.numRuns, judged: total, failure: fc.defaultReportMessage(details) };
    },
  };
}
