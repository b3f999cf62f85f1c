import { parentPort, workerData } from 'node:worker_threads';
import { ALL_BUGS } from '../bugs/all-bugs.ts';
import { loadWithBug } from '../bugs/load-with-bug.ts';
import type { Job } from './worker-pool.ts';

// A thread of its own loads its modules anew: with the bug in them, if one was asked for.
const bug = ALL_BUGS.find(({ name }) => name === workerData);
if (bug !== undefined) loadWithBug(bug);
const { runJob } = await import('./run-job.ts');

let last = Promise.resolve();
parentPort?.on('message', (job: Job) => {
  last = last.then(async () => parentPort?.postMessage(await runJob(job)));
});
