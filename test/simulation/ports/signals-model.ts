import type { Accepts, FailureReason } from '../../../lib/domain/app-state.ts';
import type { Event, Window } from '../../../lib/domain/event.ts';
import type { EventSource, PageAnswer, PageRequest, SourceRow } from '../../../lib/ports/event-source.ts';
import {
  type ApiRecord,
  type ApiTraits,
  DAY_MS,
  type History,
  SECOND_MS,
  shownDateMs,
  versionAt,
} from '../history.ts';
import type { Life, Simulation } from '../simulation-state.ts';
import { type ApiWorld, apiWorld, toldLimit, toldTotal } from './api-world.ts';
import { throughGate } from './gate.ts';

type Failure = Extract<PageAnswer, { kind: 'failed' }>;

/** The Signals API of one history. */
export type SignalsModel = Pick<ApiWorld, 'deletedAtMs' | 'requestCount' | 'askedMs'> & {
  readonly sourceOf: (life: Life) => EventSource;
};

/** Rows that are asked for at a time. */
const LIMIT = 1_000;

/** Added to both ends of what is asked for, on whole seconds. */
const WIDENING_MS = 2 * SECOND_MS;

export function signalsModel(simulation: Simulation, history: History): SignalsModel {
  const { time } = simulation;
  const world = apiWorld(simulation, history);

  function answer(life: Life, request: PageRequest, nowMs: number): PageAnswer {
    const { app, offset, window, accepts } = request;
    const traits = world.traitsOf(app.key);
    if (traits === undefined) return failed('gone', undefined);
    const trouble = world.troubleOf(life, app.key);
    if (trouble !== undefined) return failed(trouble.because, trouble.untilMs);
    if (refusesForm(request, traits, nowMs)) return failed('rejected', undefined);
    const isInBounds = boundsOf(window, accepts, traits, nowMs);
    const isIn = (record: ApiRecord): boolean => isInBounds(shownDateMs(record, traits));
    const { page, count } = world.select({ app: app.key, isIn, offset, rowsMax: traits.rowsMax });
    return {
      kind: 'page',
      rows: page.map((record) => sourceRow(record, traits, nowMs)),
      totalCount: toldTotal(traits, count, page.length),
      limit: toldLimit(traits, LIMIT),
    };
  }

  return {
    deletedAtMs: world.deletedAtMs,
    requestCount: world.requestCount,
    askedMs: world.askedMs,
    sourceOf: (life) => ({
      readPage: (request) => {
        const leftMs = request.deadlineMs - (time.nowMs() + life.skewMs);
        const wantedMs = world.answerMs(request.app.key);
        const inTime = wantedMs <= leftMs;
        const course = { thereMs: Math.max(0, Math.min(wantedMs, leftMs)), backMs: 1 };
        world.noteAsked(request.app.key);
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
