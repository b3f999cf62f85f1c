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
    case 'scenario-names':
      return Promise.resolve(SCENARIOS.map((scenario) => scenario.name));
    case 'scenario':
      return crashNamed(job.name);
    case 'shrink':
      return shrinkAndTrace(job);
    case 'trace':
      return runHistory(drawHistory(job.seed, { parts: job.parts }), { keepsTrace: true });
  }
}

function crashNamed(name: string): Promise<Answers['scenario']> {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) throw new RangeError(`no scenario is called ${name}`);
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
