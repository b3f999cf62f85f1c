import type { World } from '../world.ts';

/** One question to the source, as the trace of a run tells it. */
export type Request = {
  readonly atMs: number;
  readonly app: string;
  readonly fromMs: number;
  readonly untilMs: number;
};

const LINE = /^(?<at>\d+) (?<owner>\S+) source\.readPage (?<app>\S+) (?<from>\d+)\.\.(?<until>\d+) /;

/** What each poll asked, in turn. The run must have kept its trace. */
export function requestsByPoll({ simulation }: World): ReadonlyMap<string, readonly Request[]> {
  const byPoll = new Map<string, Request[]>();
  for (const line of simulation.trace.lines) {
    const { at, owner = '', app = '', from, until } = LINE.exec(line)?.groups ?? {};
    if (at === undefined) continue;
    const asked = byPoll.get(owner) ?? [];
    byPoll.set(owner, asked);
    asked.push({ atMs: Number(at), app, fromMs: Number(from), untilMs: Number(until) });
  }
  return byPoll;
}
