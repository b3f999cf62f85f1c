import type { EventSource, PageAnswer } from '../../../lib/ports/event-source.ts';
import type { Publisher } from '../../../lib/ports/publisher.ts';
import { HOUR_MS, SECOND_MS } from '../history.ts';
import type { Published } from '../ports/publisher-model.ts';
import { type Life, type Simulation, violate } from '../simulation-state.ts';
import { inContext } from './invocation-context.ts';
import type { ApiNote } from './signals-wire.ts';

/** Longest wait that an API is granted. */
const WAIT_MS_MAX = HOUR_MS;
/** Clocks differ, and an answer takes its time. */
const TOLERANCE_MS = 3 * SECOND_MS;

/** Notes of each publish what the invocation was told of its last request. */
export function witnessedPublisher(publisher: Publisher, life: Life): Publisher {
  return {
    publish: async (target, message) => {
      const notes: unknown[] = [];
      const outcome = await inContext({ life, notes }, () => publisher.publish(target, message));
      const last = notes.at(-1) as Published | undefined;
      if (last !== undefined) last.told = outcome.kind;
      return outcome;
    },
  };
}

/** Holds every page and every failure against what the API answered last. */
export function witnessedSource(source: EventSource, simulation: Simulation, life: Life): EventSource {
  return {
    readPage: async (request) => {
      const notes: unknown[] = [];
      const answer = await inContext({ life, notes }, () => source.readPage(request));
      const mistake = mistakeOf(answer, notes.at(-1) as ApiNote | undefined, simulation.time.nowMs());
      if (mistake !== undefined) violate(simulation, 'S10', `${request.app.key}: ${mistake}`);
      return answer;
    },
  };
}

function mistakeOf(answer: PageAnswer, note: ApiNote | undefined, nowMs: number): string | undefined {
  // No time was left to ask.
  if (note === undefined) return answer.kind === 'page' ? 'a page is told and nothing was asked' : undefined;
  const told = answer.kind === 'page' ? `${answer.rows.length} rows` : answer.because;
  const said = note.kind === 'list' ? `${note.rowCount} rows` : note.because;
  if (told !== said) return `${said} is told as ${told}`;
  if (answer.kind === 'page' || note.kind === 'list') return undefined;
  return isRightWait(answer.retryAtMs, note.untilMs, nowMs)
    ? undefined
    : `a wait until ${note.untilMs} is told as ${answer.retryAtMs}`;
}

function isRightWait(toldMs: number | undefined, untilMs: number | undefined, nowMs: number): boolean {
  if (toldMs === undefined || untilMs === undefined) return toldMs === untilMs;
  const grantedMs = Math.min(untilMs, nowMs + WAIT_MS_MAX);
  return Math.abs(toldMs - grantedMs) <= TOLERANCE_MS;
}
