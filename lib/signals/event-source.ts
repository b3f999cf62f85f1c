import type { Clock } from '../ports/clock.ts';
import type { EventSource, PageAnswer, PageRequest } from '../ports/event-source.ts';
import type { SignalsClient } from './client.ts';
import { formatBounds } from './dates.ts';
import { SignalsError, UnreadableError } from './errors.ts';
import { type EventList, readRecord } from './wire-events.ts';

/** The most Get Events allows. */
const LIMIT = 1000;
/** Where a page of that many is too long to be read. */
const SMALL_LIMIT = 100;

/** The Signals API as a source of events: every failure of it becomes an answer. */
export function signalsEventSource(client: SignalsClient, clock: Clock): EventSource {
  return {
    readPage: async (request) => {
      try {
        return await readPage(client, request, clock.nowMs());
      } catch (error) {
        if (!(error instanceof SignalsError)) throw error;
        return { kind: 'failed', because: error.because, detail: error.message, retryAtMs: error.retryAtMs };
      }
    },
  };
}

async function readPage(client: SignalsClient, request: PageRequest, nowMs: number): Promise<PageAnswer> {
  const { app, accepts, window, offset, deadlineMs } = request;
  const bounds = formatBounds(window, { timeZone: app.timeZone, accepts }, nowMs);
  const ask = (limit: number): Promise<EventList> =>
    client.listEvents({ client: app.client, app: app.app, ...bounds, limit, offset }, deadlineMs);
  const list = await ask(LIMIT).catch(async (error: unknown) => {
    if (!(error instanceof UnreadableError && error.isTooLong)) throw error;
    const small = await ask(SMALL_LIMIT);
    // An API that repeats its own limit, not the one asked for, must not make a full page look like a short one.
    return { ...small, limit: Math.min(small.limit ?? SMALL_LIMIT, SMALL_LIMIT) };
  });
  return {
    kind: 'page',
    rows: list.records.map((record) => readRecord(record, app.timeZone)),
    totalCount: list.totalCount,
    limit: list.limit,
  };
}
