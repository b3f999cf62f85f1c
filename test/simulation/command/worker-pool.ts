import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import pLimit from 'p-limit';
import type { SeededBug } from '../bugs/seeded-bug.ts';
import type { CrashReport } from '../crash-points.ts';
import type { History, Parts } from '../history.ts';
import type { Invariant } from '../invariants.ts';
import type { Outcome } from '../run-history.ts';
import type { ShardResult, Span } from './run-shard.ts';

export type Job =
  | ({ readonly kind: 'histories' } & Span)
  | { readonly kind: 'scenario-names' }
  /** One scenario, stopped at every call. */
  | { readonly kind: 'scenario'; readonly name: string }
  | { readonly kind: 'shrink'; readonly history: History; readonly invariant: Invariant }
  | { readonly kind: 'trace'; readonly seed: number; readonly parts?: Parts | undefined };

export type Answers = {
  readonly histories: ShardResult;
  readonly 'scenario-names': readonly string[];
  readonly scenario: CrashReport;
  readonly shrink: { readonly history: History; readonly lines: readonly string[] };
  readonly trace: Outcome;
};

/** Threads that take jobs, each thread one at a time. */
export type WorkerPool = {
  readonly size: number;
  readonly run: <Kind extends Job['kind']>(job: Extract<Job, { kind: Kind }>) => Promise<Answers[Kind]>;
  /** Ends the threads, whatever they are at. */
  readonly stop: () => Promise<void>;
};

/** Starts threads whose product code is right, or has `bug` in it. */
export function startWorkers(size: number, bug?: SeededBug): WorkerPool {
  const file = new URL('./worker.ts', import.meta.url);
  const workers = Array.from({ length: size }, () => new Worker(file, { workerData: bug?.name }));
  const idle = [...workers];
  let death: unknown;
  const limit = pLimit(size);
  return {
    size,
    run: (job) =>
      limit(async () => {
        const worker = idle.pop();
        if (worker === undefined) throw new Error('a thread has died', { cause: death });
        worker.postMessage(job);
        // Rejects with what the thread died of, if it does.
        const [answer] = await once(worker, 'message').catch((error: unknown) => {
          death = error;
          throw error;
        });
        idle.push(worker);
        return answer;
      }),
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
