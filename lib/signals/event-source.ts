import type { Clock } from '../ports/clock.ts';
import type { EventSource, PageAnswer, PageRequest } from '../ports/event-source.ts';
import type { SignalsClient } from './client.ts';
import { formatBounds } from './dates.ts';
import { SignalsError } from './errors.ts';
import { readRecord } from './wire-events.ts';

/** The most Get Events allows. */
const LIMIT = 1000;

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
  const list = await client.listEvents(
    { client: app.client, app: app.app, ...bounds, limit: LIMIT, offset },
    deadlineMs,
  );
  return {
    kind: 'page',
    rows: list.records.map((record) => readRecord(record, app.timeZone)),
    totalCount: list.totalCount,
    limit: list.limit,
  };
}
