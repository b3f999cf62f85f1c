import type { Accepts, FailureReason } from '../../../lib/domain/app-state.ts';
import type { Event, Window } from '../../../lib/domain/event.ts';
import type { EventSource, PageAnswer, PageRequest, SourceRow } from '../../../lib/ports/event-source.ts';
import type { FaultKind } from '../faults.ts';
import {
  type ApiRecord,
  type ApiTraits,
  DAY_MS,
  type History,
  MINUTE_MS,
  SECOND_MS,
  shownDateMs,
  versionAt,
} from '../history.ts';
import type { Life, Simulation } from '../simulation-state.ts';
import { throughGate } from './gate.ts';

type Failure = Extract<PageAnswer, { kind: 'failed' }>;

/** The Signals API of one history. */
export type SignalsModel = {
  readonly sourceOf: (life: Life) => EventSource;
  readonly deletedAtMs: (record: ApiRecord) => number | undefined;
  readonly requestCount: () => number;
  /** When each app was asked. */
  readonly askedMs: ReadonlyMap<string, readonly number[]>;
};

const FAILURES: readonly (readonly [FaultKind, FailureReason])[] = [
  ['api-unauthorised', 'unauthorised'],
  ['api-forbidden', 'forbidden'],
  ['api-gone', 'gone'],
  ['api-rate-limited', 'rate-limited'],
  ['api-rate-limited-until', 'rate-limited'],
  ['api-unavailable', 'unavailable'],
  ['api-unreadable', 'unreadable'],
];

/** Added to both ends of what is asked for, on whole seconds. */
const WIDENING_MS = 2 * SECOND_MS;

export function signalsModel(simulation: Simulation, history: History): SignalsModel {
  const { time, faults, random } = simulation;
  const deleted = new Map<string, number>();
  const askedMs = new Map<string, number[]>();
  const rejecting = new Set<string>();
  let requestCount = 0;
  const byApp = Map.groupBy(history.records, (record) => record.app);
  const places = new Map(history.records.map((record) => [record.name, random.next()] as const));
  const deletedAtMs = (record: ApiRecord): number | undefined =>
    deleted.get(record.name) ?? record.deletedAtMs;

  function failureOf(
    life: Life,
    request: PageRequest,
    traits: ApiTraits,
    nowMs: number,
  ): Failure | undefined {
    const outage = history.outages.find(
      (one) => one.app === request.app.key && one.fromMs <= nowMs && nowMs < one.untilMs,
    );
    if (outage !== undefined) return failed(outage.because, undefined);
    // It is the request it finds bad, not the form of its bounds: narrower ones fare no better.
    const rejection = `${life.owner} ${request.app.key}`;
    if (rejecting.has(rejection) || faults.fires('api-rejected')) {
      rejecting.add(rejection);
      return failed('rejected', undefined);
    }
    const fired = FAILURES.find(([kind]) => faults.fires(kind));
    if (fired?.[0] === 'api-rate-limited-until') {
      return failed('rate-limited', nowMs + random.int(1, 20) * MINUTE_MS);
    }
    if (fired !== undefined) return failed(fired[1], undefined);
    return refusesForm(request, traits, nowMs) ? failed('rejected', undefined) : undefined;
  }

  function answer(life: Life, request: PageRequest, nowMs: number): PageAnswer {
    requestCount += 1;
    const traits = history.apis[request.app.key];
    if (traits === undefined) return failed('gone', undefined);
    const failure = failureOf(life, request, traits, nowMs);
    if (failure !== undefined) return failure;
    const isIn = boundsOf(request.window, request.accepts, traits, nowMs);
    const rows = (byApp.get(request.app.key) ?? [])
      .filter((record) => record.visibleFromMs <= nowMs && nowMs < (deletedAtMs(record) ?? Infinity))
      .filter((record) => isIn(shownDateMs(record, traits)));
    const ordered = inOrder(rows, traits, (record) =>
      traits.order === 'unstable-ties' ? random.next() : (places.get(record.name) ?? 0),
    );
    const page = ordered.slice(request.offset, request.offset + traits.rowsMax);
    if (page.length === traits.rowsMax) deleteOne(page, nowMs);
    return {
      kind: 'page',
      rows: page.map((record) => sourceRow(record, traits, nowMs)),
      totalCount: totalOf(traits, ordered.length, page.length),
      limit: limitOf(traits),
    };
  }

  /** While a page is on its way a record of it is deleted, and those behind it move up. */
  function deleteOne(page: readonly ApiRecord[], nowMs: number): void {
    const gone = page.find((record) => record.name.startsWith('doomed'));
    if (gone !== undefined && faults.fires('event-deleted-while-read')) deleted.set(gone.name, nowMs);
  }

  function answerMs({ app }: PageRequest): number {
    if (time.nowMs() < history.healMs && history.slowUntilHeal?.includes(app.key)) return 60_000;
    return faults.fires('api-slow') ? random.int(1_000, 20_000) : random.int(20, 400);
  }

  return {
    deletedAtMs,
    askedMs,
    requestCount: () => requestCount,
    sourceOf: (life) => ({
      readPage: (request) => {
        const leftMs = request.deadlineMs - (time.nowMs() + life.skewMs);
        const wantedMs = answerMs(request);
        const inTime = wantedMs <= leftMs;
        const course = { thereMs: Math.max(0, Math.min(wantedMs, leftMs)), backMs: 1 };
        const asked = askedMs.get(request.app.key) ?? [];
        asked.push(time.nowMs());
        askedMs.set(request.app.key, asked);
        return throughGate(simulation, life, 'source.readPage', describe(request), course, () =>
          Promise.resolve(inTime ? answer(life, request, time.nowMs()) : failed('unavailable', undefined)),
        );
      },
    }),
  };
}

function failed(because: FailureReason, retryAtMs: number | undefined): Failure {
  return { kind: 'failed', because, detail: `the API answered: ${because}`, retryAtMs };
}

function describe({ app, window, offset }: PageRequest): string {
  return `${app.key} ${window.fromMs}..${window.untilMs} +${offset}`;
}

function refusesForm(
  { accepts, window }: PageRequest,
  { refuses, shiftMs }: ApiTraits,
  nowMs: number,
): boolean {
  const refusesFuture = refuses === 'future' || refuses === 'both';
  const refusesTimeOfDay = refuses === 'time-of-day' || refuses === 'both';
  if (refusesTimeOfDay && accepts.timeOfDay) return true;
  return refusesFuture && accepts.future && window.untilMs > nowMs + shiftMs;
}

/** The bounds as a client writes them, read as this API reads them. */
function boundsOf(
  window: Window,
  accepts: Pick<Accepts, 'future' | 'timeOfDay'>,
  { bounds }: ApiTraits,
  nowMs: number,
): (dateMs: number) => boolean {
  const latestMs = accepts.future ? Number.POSITIVE_INFINITY : floorTo(nowMs, SECOND_MS);
  const untilMs = Math.min(floorTo(window.untilMs + WIDENING_MS + 999, SECOND_MS), latestMs);
  const fromMs = Math.min(floorTo(window.fromMs - WIDENING_MS, SECOND_MS), untilMs);
  if (bounds === 'whole-days' || !accepts.timeOfDay) {
    const firstMs = floorTo(fromMs, DAY_MS);
    const lastMs = floorTo(untilMs, DAY_MS) + DAY_MS;
    return (dateMs) => dateMs >= firstMs && dateMs < lastMs;
  }
  if (bounds === 'inclusive') return (dateMs) => dateMs >= fromMs && dateMs <= untilMs;
  return (dateMs) => dateMs > fromMs && dateMs < untilMs;
}

function inOrder(
  rows: readonly ApiRecord[],
  traits: ApiTraits,
  placeOf: (record: ApiRecord) => number,
): readonly ApiRecord[] {
  const sign = traits.order === 'descending' ? -1 : 1;
  return rows
    .map((record) => ({ record, dateMs: shownDateMs(record, traits), place: placeOf(record) }))
    .sort((a, b) =>
      traits.order === 'arbitrary' ? a.place - b.place : sign * (a.dateMs - b.dateMs) || a.place - b.place,
    )
    .map(({ record }) => record);
}

function limitOf({ limit, rowsMax }: ApiTraits): number | undefined {
  if (limit === 'absent') return undefined;
  return limit === 'asked' ? 1_000 : rowsMax;
}

function totalOf({ total, rowsMax }: ApiTraits, count: number, ofPage: number): number | undefined {
  switch (total) {
    case 'right':
      return count;
    case 'absent':
      return undefined;
    case 'zero':
      return 0;
    case 'of-page':
      return ofPage;
    case 'capped':
      return Math.min(count, rowsMax);
    case 'too-high':
      return count + 3;
  }
}

function sourceRow(record: ApiRecord, traits: ApiTraits, nowMs: number): SourceRow {
  const { type, text } = versionAt(record, nowMs);
  const event: Event = {
    id: record.id,
    type,
    typeId: undefined,
    typeValue: text,
    occurredAtMs: record.undated ? undefined : shownDateMs(record, traits),
    campaignId: undefined,
    adId: undefined,
    phone: record.phone,
    canonical: `canonical ${record.name}`,
  };
  return { fingerprint: `${record.name} ${type} ${text}`, event };
}

function floorTo(ms: number, unitMs: number): number {
  return Math.floor(ms / unitMs) * unitMs;
}
