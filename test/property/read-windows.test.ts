import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshAccepts } from '../../lib/domain/app-progress.ts';
import type { Accepts } from '../../lib/domain/app-state.ts';
import { readUntil } from '../../lib/domain/coverage.ts';
import type { Event } from '../../lib/domain/event.ts';
import type { ReadPlan } from '../../lib/domain/read-plan.ts';
import type { EventSource } from '../../lib/ports/event-source.ts';
import { type Reading, readWindows } from '../../lib/use-cases/read-windows.ts';
import { appOf } from '../fixtures/alert-config.ts';
import { modelledApi, type Variant } from '../fixtures/modelled-api.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 22, 12);
const APP = appOf('c-123', '72822');
const FRESH: Accepts = freshAccepts(NOW);
const CLOCK = { nowMs: () => NOW, sleep: async () => undefined };

const variants: fc.Arbitrary<Variant> = fc.record({
  cap: fc.integer({ min: 1, max: 12 }),
  order: fc.constantFrom('ascending', 'descending', 'shuffled'),
  total: fc.constantFrom('true', 'absent', 'zero', 'of-page'),
  days: fc.boolean(),
  refusesFuture: fc.boolean(),
});

/** Many events in few seconds, so that ties and crowded seconds occur. */
const histories = fc
  .array(fc.oneof(fc.integer({ min: -7_200, max: -1 }), fc.integer({ min: -30, max: -1 })), { maxLength: 60 })
  .map((seconds) => seconds.map((second, index) => eventAt(NOW + second * SECOND, index)));

function eventAt(occurredAtMs: number, index: number): Event {
  const id = `e-${index}`;
  const unknown = { typeId: undefined, campaignId: undefined, adId: undefined, phone: undefined };
  return { id, type: 'keyword', typeValue: id, occurredAtMs, canonical: id, ...unknown };
}

function planOf(fromMs: number, union: boolean): ReadPlan {
  const newest = { fromMs: NOW - 900 * SECOND, untilMs: NOW + 26 * HOUR };
  const deep = { fromMs, untilMs: newest.fromMs };
  return {
    parts: [newest, deep],
    union: union ? { fromMs, untilMs: newest.untilMs } : undefined,
    lost: undefined,
  };
}

function read(source: EventSource, plan: ReadPlan, pagesMax: number, accepts = FRESH): Promise<Reading> {
  return readWindows({ source, clock: CLOCK }, APP, plan, accepts, {
    pagesMax,
    deadlineMs: NOW + HOUR,
    nowMs: NOW,
  });
}

/**
 * Events of one time in another order for each request. Not of an API that gives three rows and fewer: such pages hardly
 * overlap, and once in some thousand readings one of many ties slips through every pass.
 */
function tiesOf({ cap }: Variant, draws: fc.Stream<number>): () => number {
  return cap > 3 ? () => draws.next().value : () => 0;
}

/** Events of covered windows that were not met. */
function skipped(events: readonly Event[], reading: Reading): readonly Event[] {
  const met = new Set(reading.events.map((event) => event.canonical));
  return events.filter(
    (event) =>
      !met.has(event.canonical) &&
      reading.covered.some(
        ({ fromMs, untilMs }) => (event.occurredAtMs ?? 0) >= fromMs && (event.occurredAtMs ?? 0) < untilMs,
      ),
  );
}

describe('reading whole windows', () => {
  // Shuffled answers of an API that knows only days are read until passes add nothing: likely whole, not surely.
  const orderly = variants.filter((variant) => variant.order !== 'shuffled');

  it('never calls a window covered while an event of it was not met, whatever the limit, order, totals or budget', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        orderly,
        fc.boolean(),
        fc.integer({ min: 1, max: 200 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        async (events, variant, union, pagesMax, draws) => {
          const api = modelledApi(events, variant, tiesOf(variant, draws), NOW);
          const reading = await read(api, planOf(NOW - 7_200 * SECOND, union), pagesMax);
          expect(skipped(events, reading)).toEqual([]);
          expect(api.requests.length).toBeLessThanOrEqual(pagesMax);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('always covers everything that was asked for when the budget allows', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        orderly.filter((variant) => !variant.days),
        fc.boolean(),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        async (events, variant, union, draws) => {
          const api = modelledApi(events, variant, tiesOf(variant, draws), NOW);
          const reading = await read(api, planOf(NOW - 7_200 * SECOND, union), 10_000);
          const met = new Set(reading.events.map((event) => event.canonical));
          expect(events.filter((event) => !met.has(event.canonical))).toEqual([]);
          expect(reading.failure).toBeUndefined();
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('what reading costs and learns', () => {
  const variant: Variant = {
    cap: 10,
    order: 'descending',
    total: 'absent',
    days: false,
    refusesFuture: false,
  };
  const hundred = Array.from({ length: 100 }, (_, index) => eventAt(NOW - index * 60 * SECOND, index));
  const plan = planOf(NOW - 7_200 * SECOND, true);

  it('an idle app costs one request', async () => {
    const api = modelledApi([], variant, () => 0.5, NOW);
    const reading = await read(api, plan, 60);
    expect(api.requests).toHaveLength(1);
    expect(reading.covered).toEqual([plan.union]);
  });

  it('an answer shorter than an earlier one is whole at once', async () => {
    const api = modelledApi(hundred.slice(0, 3), variant, () => 0.5, NOW);
    await read(api, plan, 60, { ...FRESH, rowsMax: 10 });
    expect(api.requests).toHaveLength(1);
  });

  it('an answer as long as any before is whole only when nothing follows it', async () => {
    const api = modelledApi(hundred.slice(0, 3), variant, () => 0.5, NOW);
    const reading = await read(api, plan, 60);
    expect(api.requests.map((request) => request.offset)).toEqual([0, 1]);
    expect(reading.accepts.rowsMax).toBe(3);
  });

  it('a second too crowded for one answer costs two answers a pass: its last one is known by being shorter', async () => {
    const crowded = Array.from({ length: 13 }, (_, index) => eventAt(NOW - 1_000 * SECOND, index));
    const api = modelledApi(crowded, { ...variant, cap: 10 }, () => 0.5, NOW);
    const second = { fromMs: NOW - 1_000 * SECOND, untilMs: NOW - 999 * SECOND };
    const reading = await read(api, { parts: [second], union: undefined, lost: undefined }, 60);
    expect(reading.covered).toEqual([second]);
    expect(api.requests.map((request) => request.offset).slice(-6)).toEqual([0, 5, 0, 5, 0, 5]);
  });

  it('a row that moves into a page because one before it was deleted is not missed', async () => {
    let events = hundred.slice(0, 11);
    const api: EventSource = {
      readPage: async (request) => {
        const answer = await modelledApi(events, { ...variant, cap: 10 }, () => 0.5, NOW).readPage(request);
        if (events.length === 11) events = events.slice(1);
        return answer;
      },
    };
    expect(skipped(events, await read(api, plan, 60))).toEqual([]);
  });

  it('what was met is told even where the budget ended before the window was whole', async () => {
    const api = modelledApi(hundred, variant, () => 0.5, NOW);
    const reading = await read(api, plan, 3);
    expect(reading.covered).toEqual([]);
    expect(reading.events.length).toBeGreaterThanOrEqual(10);
  });

  it('an API that refuses the future is asked without, and what it accepts is remembered', async () => {
    const api = modelledApi(hundred, { ...variant, refusesFuture: true }, () => 0.5, NOW);
    const reading = await read(api, plan, 200);
    expect(reading.accepts).toMatchObject({ future: false, timeOfDay: true });
    expect(Math.max(...reading.covered.map((window) => window.untilMs))).toBe(NOW);
    expect(reading.failure).toBeUndefined();
  });

  it('an API that refuses whatever the form stays unread, and nothing wrong is remembered of it', async () => {
    const refusing: EventSource = {
      readPage: async () => ({ kind: 'failed', because: 'rejected', detail: 'no', retryAtMs: undefined }),
    };
    const reading = await read(refusing, plan, 60);
    expect(reading.failure?.because).toBe('rejected');
    expect(reading.accepts).toMatchObject({ future: true, timeOfDay: true, halving: true });
    expect(reading.covered).toEqual([]);
  });

  it('an API that knows only days is read by offset, and halving is not tried again', async () => {
    const api = modelledApi(hundred, { ...variant, days: true }, () => 0.5, NOW);
    const reading = await read(api, plan, 500);
    expect(reading.accepts.halving).toBe(false);
    expect(reading.events).toHaveLength(100);
  });

  it('a failure in the past is not one of the app, and what was covered before it stays covered', async () => {
    const api = modelledApi(hundred.slice(0, 3), variant, () => 0.5, NOW);
    let calls = 0;
    const failing: EventSource = {
      readPage: async (request) => {
        calls += 1;
        return calls <= 2
          ? api.readPage(request)
          : { kind: 'failed', because: 'unavailable', detail: 'reset', retryAtMs: undefined };
      },
    };
    const reading = await read(failing, { ...plan, union: undefined }, 60);
    expect(reading.failure).toBeUndefined();
    expect(reading.deepFailure?.because).toBe('unavailable');
    expect(reading.covered).toEqual([plan.parts[0]]);
  });

  it('a long window that is never answered does not keep the newest from being read, and is tried shorter', async () => {
    const api = modelledApi(hundred, variant, () => 0.5, NOW);
    const long: EventSource = {
      readPage: async (request) =>
        request.window.fromMs < NOW - 2 * HOUR && request.window.untilMs - request.window.fromMs > 30 * HOUR
          ? { kind: 'failed', because: 'unavailable', detail: 'time-out', retryAtMs: undefined }
          : api.readPage(request),
    };
    const far = planOf(NOW - 100 * HOUR, true);
    const reading = await read(long, far, 500);
    expect(reading.failure).toBeUndefined();
    expect(reading.deepFailure).toBeUndefined();
    expect(reading.events).toHaveLength(100);
    expect(reading.accepts.spanMaxMs).toBeLessThanOrEqual(30 * HOUR);
    expect(readUntil(NOW - 100 * HOUR, reading.covered)).toBe(NOW + 26 * HOUR);
  });

  it('an answer that says it is cut is never whole, though longer ones were seen before', async () => {
    for (const total of ['true', 'absent'] as const) {
      const api = modelledApi(hundred, { ...variant, total }, () => 0.5, NOW);
      const limited: EventSource = {
        readPage: async (request) => {
          const answer = await api.readPage(request);
          return answer.kind === 'page' ? { ...answer, limit: total === 'absent' ? 10 : undefined } : answer;
        },
      };
      const reading = await read(limited, plan, 500, { ...FRESH, rowsMax: 1_000 });
      expect(reading.events).toHaveLength(100);
    }
  });

  it('one row that is dated elsewhere does not end the halving of windows', async () => {
    const api = modelledApi(hundred, variant, () => 0.5, NOW);
    const stray = { ...eventAt(NOW - 90 * 60 * SECOND, 999), occurredAtMs: 0 };
    const straying: EventSource = {
      readPage: async (request) => {
        const answer = await api.readPage(request);
        if (answer.kind === 'failed' || request.offset > 0) return answer;
        return { ...answer, rows: [...answer.rows.slice(0, 9), { fingerprint: 'stray', event: stray }] };
      },
    };
    const reading = await read(straying, plan, 500);
    expect(reading.accepts.halving).toBe(true);
  });
});
