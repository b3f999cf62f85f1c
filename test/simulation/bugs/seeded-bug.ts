import type { Invariant } from '../invariants.ts';

/** A mistake somebody could make, as an exact change of one product file. */
export type SeededBug = {
  readonly name: string;
  /** What is wrong, in one sentence. */
  readonly what: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** A second place of the same file, where one change is not enough. */
  readonly also?: Pick<SeededBug, 'find' | 'replace'>;
  /** What may catch it; anything else that breaks was broken by chance. */
  readonly breaks: readonly Invariant[];
  /** Set where only histories that run through the adapters can notice. */
  readonly parts?: 'adapters';
  /** Set where it takes this scenario, stopped at every call, in place of random histories. */
  readonly scenario?: string;
  /** Set where two effects have changed places: the first and the second in the right order. */
  readonly swaps?: readonly [first: string, second: string];
};

/** The list of bugs no longer fits the code. */
export class OutdatedBugError extends Error {
  override readonly name = 'OutdatedBugError';
}

/** The source with the bug in it. @throws OutdatedBugError when a text to change does not stand in it exactly once. */
export function withBug(source: string, bug: SeededBug): string {
  const changed = changedOnce(source, bug, bug);
  return bug.also === undefined ? changed : changedOnce(changed, bug.also, bug);
}

function changedOnce(
  source: string,
  { find, replace }: Pick<SeededBug, 'find' | 'replace'>,
  { name, file }: SeededBug,
): string {
  const count = source.split(find).length - 1;
  if (count !== 1) {
    throw new OutdatedBugError(
      `the bug ${name} is out of date: ${JSON.stringify(find)} stands ${count} times in ${file}, expected once; bring its entry in test/simulation/bugs up to date`,
    );
  }
  return source.replace(find, () => replace);
}
