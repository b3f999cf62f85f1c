import { beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../../lib/domain/alert-config.ts';
import type { FailureReason } from '../../lib/domain/app-state.ts';
import type { EventSource, PageAnswer, PageRequest } from '../../lib/ports/event-source.ts';

/** A source of one app's events, for one test. */
export type FreshSource = {
  readonly source: EventSource;
  readonly app: App;
  readonly nowMs: () => number;
  /** From here on a reading fails so; undefined: not any more. */
  readonly meets: (because: FailureReason | undefined) => void;
  close(): Promise<void>;
};

const MINUTE_MS = 60_000;

/** When the events happened of which a source is made: one every minute of the last hour, oldest first. */
export const EVENT_AGES_MS: readonly number[] = Array.from(
  { length: 60 },
  (_, index) => (60 - index) * MINUTE_MS,
);

/** What every source of events promises. `make` fills it with events of these ages, ids `event-0`, `event-1` … */
export function describeEventSource(name: string, make: () => Promise<FreshSource>): void {
  describe(`the event source in ${name}`, () => {
    let fresh: FreshSource;
    beforeEach(async () => {
      fresh = await make();
      return () => fresh.close();
    });

    const read = (over: Partial<PageRequest> = {}): Promise<PageAnswer> =>
      fresh.source.readPage({
        app: fresh.app,
        window: windowOf(61, 0),
        offset: 0,
        accepts: { future: true, timeOfDay: true },
        deadlineMs: fresh.nowMs() + 30_000,
        ...over,
      });
    const windowOf = (fromMinutes: number, untilMinutes: number) => ({
      fromMs: fresh.nowMs() - fromMinutes * MINUTE_MS,
      untilMs: fresh.nowMs() - untilMinutes * MINUTE_MS,
    });

    it('gives every event of a window, as it happened', async () => {
      const rows = rowsOf(await read());
      expect(idsOf(rows)).toEqual(EVENT_AGES_MS.map((_, index) => `event-${index}`));
      for (const { event } of rows) {
        const ageMs = EVENT_AGES_MS[Number(event?.id?.slice('event-'.length))] ?? 0;
        expect(Math.abs((event?.occurredAtMs ?? 0) - (fresh.nowMs() - ageMs))).toBeLessThan(5_000);
        expect(event).toMatchObject({ type: 'keyword', typeValue: 'order' });
      }
    });

    it('holds its bounds: all that is inside, nothing from minutes outside', async () => {
      const inside = idsOf(rowsOf(await read({ window: windowOf(30.5, 20.5) })));
      expect(inside).toEqual(Array.from({ length: 10 }, (_, index) => `event-${30 + index}`));
    });

    it('gives an empty page where nothing happened', async () => {
      expect(rowsOf(await read({ window: windowOf(300, 200) }))).toEqual([]);
    });

    it('leaves out as many rows at the front as the offset says, until none is left', async () => {
      const all = rowsOf(await read()).map((row) => row.fingerprint);
      expect(rowsOf(await read({ offset: 25 })).map((row) => row.fingerprint)).toEqual(all.slice(25));
      expect(rowsOf(await read({ offset: 60 }))).toEqual([]);
    });

    it('knows an unchanged record again, and tells two apart', async () => {
      const first = rowsOf(await read()).map((row) => row.fingerprint);
      const second = rowsOf(await read()).map((row) => row.fingerprint);
      expect(second).toEqual(first);
      expect(new Set(first).size).toBe(first.length);
    });

    it.each([
      'unauthorised',
      'forbidden',
      'gone',
      'rate-limited',
      'rejected',
      'unavailable',
      'unreadable',
    ] as const)('tells a failure by its situation: %s', async (because) => {
      fresh.meets(because);
      const answer = await read();
      expect(answer).toMatchObject({ kind: 'failed', because });
      expect(answer).toHaveProperty('detail', expect.not.stringMatching(/\d{7}/));
    });

    it('is well again as soon as what failed is', async () => {
      fresh.meets('unavailable');
      expect(await read()).toMatchObject({ kind: 'failed' });
      fresh.meets(undefined);
      expect(rowsOf(await read())).toHaveLength(60);
    });
  });
}

type Rows = Extract<PageAnswer, { kind: 'page' }>['rows'];

function rowsOf(answer: PageAnswer): Rows {
  if (answer.kind === 'failed') throw new Error(`expected a page, got ${answer.because}: ${answer.detail}`);
  return answer.rows;
}

function idsOf(rows: Rows): readonly (string | undefined)[] {
  return rows
    .map(({ event }) => event?.id)
    .toSorted((a, b) => Number(a?.slice('event-'.length)) - Number(b?.slice('event-'.length)));
}
