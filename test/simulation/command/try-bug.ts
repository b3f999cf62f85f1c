import type { SeededBug } from '../bugs/seeded-bug.ts';
import type { History } from '../history.ts';
import type { Violation } from '../simulation-state.ts';
import { runHistories } from './run-histories.ts';
import type { Span } from './run-shard.ts';
import { startWorkers, type WorkerPool } from './worker-pool.ts';

export type BugTrial = {
  readonly bug: SeededBug;
  /** Undefined: nothing noticed. */
  readonly caught: Catch | undefined;
};

export type Catch = {
  readonly violation: Violation;
  /** By an invariant that the bug's entry names. */
  readonly asExpected: boolean;
} & (
  | {
      readonly by: 'history';
      readonly history: History;
      /** Histories it took, the one that broke included. */
      readonly histories: number;
    }
  /** `at`: where the scenario was stopped. */
  | { readonly by: 'scenario'; readonly at: string }
);

/** Runs with the bug in the code until an invariant breaks. `andThen` gets the threads that have the bug. */
export async function tryBug(
  bug: SeededBug,
  span: Span,
  workers: number,
  andThen: (trial: BugTrial, pool: WorkerPool) => Promise<void> = () => Promise.resolve(),
): Promise<BugTrial> {
  const pool = startWorkers(workers, bug);
  try {
    const trial: BugTrial = { bug, caught: await catchBug(pool, bug, span) };
    await andThen(trial, pool);
    return trial;
  } finally {
    await pool.stop();
  }
}

async function catchBug(pool: WorkerPool, bug: SeededBug, span: Span): Promise<Catch | undefined> {
  const isExpected = ({ invariant }: Violation): boolean => bug.breaks.includes(invariant);
  if (bug.scenario !== undefined) {
    const { broken } = await pool.run({ kind: 'scenario', name: bug.scenario });
    const [first] = broken;
    return first && { by: 'scenario', ...first, asExpected: isExpected(first.violation) };
  }
  const { counts, broken } = await runHistories(pool, { ...span, parts: bug.parts ?? span.parts });
  if (broken === undefined) return undefined;
  const histories = counts.sums.histories + 1;
  return { by: 'history', ...broken, histories, asExpected: isExpected(broken.violation) };
}
