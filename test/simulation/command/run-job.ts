import { crashEverywhere } from '../crash-points.ts';
import { drawHistory } from '../draw-history.ts';
import { runHistory } from '../run-history.ts';
import { SCENARIOS } from '../scenarios.ts';
import { shrink } from '../shrink.ts';
import { runShard } from './run-shard.ts';
import type { Answers, Job } from './worker-pool.ts';

/** Does one job of a worker. */
export function runJob(job: Job): Promise<Answers[Job['kind']]> {
  switch (job.kind) {
    case 'histories':
      return runShard(job);
    case 'count-scenarios':
      return Promise.resolve(SCENARIOS.length);
    case 'scenario':
      return crashNth(job.index);
    case 'shrink':
      return shrinkAndTrace(job);
    case 'trace':
      return runHistory(drawHistory(job.seed), { keepsTrace: true });
  }
}

function crashNth(index: number): Promise<Answers['scenario']> {
  const scenario = SCENARIOS[index];
  if (scenario === undefined) throw new RangeError(`there is no scenario ${index}`);
  return crashEverywhere(scenario);
}

async function shrinkAndTrace({
  history,
  invariant,
}: Extract<Job, { kind: 'shrink' }>): Promise<Answers['shrink']> {
  const smallest = await shrink(history, invariant);
  const { lines } = await runHistory(smallest, { keepsTrace: true });
  return { history: smallest, lines };
}
