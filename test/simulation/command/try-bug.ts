import type { SeededBug } from '../bugs/seeded-bug.ts';
import type { History } from '../history.ts';
import type { Violation } from '../simulation-state.ts';
import { runHistories } from './run-histories.ts';
import type { Span } from './run-shard.ts';
import { startWorkers, type WorkerPool } from './worker-pool.ts';

export type BugTrial = {
  readonly bug: SeededBug;
  /** Undefined: nothing noticed. */
  readonly caught:
    | {
        readonly history: History;
        readonly violation: Violation;
        /** Histories it took, the one that broke included. */
        readonly histories: number;
        /** By an invariant that its entry names. */
        readonly asExpected: boolean;
      }
    | undefined;
};

/** Runs histories with the bug in the code until one breaks an invariant. `andThen` gets the threads that have the bug. */
export async function tryBug(
  bug: SeededBug,
  span: Span,
  workers: number,
  andThen: (trial: BugTrial, pool: WorkerPool) => Promise<void> = () => Promise.resolve(),
): Promise<BugTrial> {
  const pool = startWorkers(workers, bug);
  try {
    const { counts, broken } = await runHistories(pool, span);
    const caught = broken && {
      ...broken,
      histories: counts.sums.histories + 1,
      asExpected: bug.breaks.includes(broken.violation.invariant),
    };
    const trial: BugTrial = { bug, caught };
    await andThen(trial, pool);
    return trial;
  } finally {
    await pool.stop();
  }
}
