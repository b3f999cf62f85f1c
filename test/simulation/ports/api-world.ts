import type { FailureReason } from '../../../lib/domain/app-state.ts';
import type { AppKey } from '../../../lib/domain/identity.ts';
import type { FaultKind } from '../faults.ts';
import { type ApiRecord, type ApiTraits, type History, MINUTE_MS, shownDateMs } from '../history.ts';
import type { Life, Simulation } from '../simulation-state.ts';

/** What is wrong with the API for one request. */
export type Trouble = {
  readonly because: FailureReason;
  /** When it asks to be left alone until; undefined: it does not say. */
  readonly untilMs: number | undefined;
};

/** Which records one answer holds. */
export type Selection = {
  readonly app: AppKey;
  readonly isIn: (record: ApiRecord) => boolean;
  readonly offset: number;
  readonly rowsMax: number;
};

/** The records behind the API of one history, and its moods: the same whatever they are asked through. */
export type ApiWorld = {
  readonly traitsOf: (app: AppKey) => ApiTraits | undefined;
  readonly deletedAtMs: (record: ApiRecord) => number | undefined;
  readonly requestCount: () => number;
  /** When each app was asked. */
  readonly askedMs: ReadonlyMap<string, readonly number[]>;
  readonly noteAsked: (app: AppKey) => void;
  /** How long an answer takes. */
  readonly answerMs: (app: AppKey) => number;
  readonly troubleOf: (life: Life, app: AppKey) => Trouble | undefined;
  readonly select: (selection: Selection) => { readonly page: readonly ApiRecord[]; readonly count: number };
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

export function apiWorld({ time, faults, random }: Simulation, history: History): ApiWorld {
  const deleted = new Map<string, number>();
  const askedMs = new Map<string, number[]>();
  const rejecting = new Set<string>();
  let requestCount = 0;
  const byApp = Map.groupBy(history.records, (record) => record.app);
  const places = new Map(history.records.map((record) => [record.name, random.next()] as const));
  const traitsOf = (app: AppKey): ApiTraits | undefined => history.apis[app];
  const deletedAtMs = (record: ApiRecord): number | undefined =>
    deleted.get(record.name) ?? record.deletedAtMs;

  function troubleOf({ owner }: Life, app: AppKey): Trouble | undefined {
    const nowMs = time.nowMs();
    const outage = history.outages.find(
      (one) => one.app === app && one.fromMs <= nowMs && nowMs < one.untilMs,
    );
    if (outage !== undefined) return { because: outage.because, untilMs: undefined };
    // It is the request it finds bad, not the form of its bounds: narrower ones fare no better.
    const rejection = `${owner} ${app}`;
    if (rejecting.has(rejection) || faults.fires('api-rejected')) {
      rejecting.add(rejection);
      return { because: 'rejected', untilMs: undefined };
    }
    const fired = FAILURES.find(([kind]) => faults.fires(kind));
    if (fired === undefined) return undefined;
    const [kind, because] = fired;
    const untilMs = kind === 'api-rate-limited-until' ? nowMs + random.int(1, 20) * MINUTE_MS : undefined;
    return { because, untilMs };
  }

  function select({ app, isIn, offset, rowsMax }: Selection): ReturnType<ApiWorld['select']> {
    const traits = history.apis[app];
    if (traits === undefined) return { page: [], count: 0 };
    const nowMs = time.nowMs();
    const rows = (byApp.get(app) ?? [])
      .filter((record) => record.visibleFromMs <= nowMs && nowMs < (deletedAtMs(record) ?? Infinity))
      .filter(isIn);
    const ordered = inOrder(rows, traits, (record) =>
      traits.order === 'unstable-ties' ? random.next() : (places.get(record.name) ?? 0),
    );
    const page = ordered.slice(offset, offset + rowsMax);
    if (page.length >= traits.rowsMax / 4) deleteOne(page, nowMs);
    return { page, count: ordered.length };
  }

  /** While a page is on its way a record of it is deleted, and those behind it move up. */
  function deleteOne(page: readonly ApiRecord[], nowMs: number): void {
    const gone = page.find((record) => record.name.startsWith('doomed'));
    if (gone !== undefined && faults.fires('event-deleted-while-read')) deleted.set(gone.name, nowMs);
  }

  return {
    traitsOf,
    deletedAtMs,
    requestCount: () => requestCount,
    askedMs,
    noteAsked: (app) => {
      requestCount += 1;
      const asked = askedMs.get(app) ?? [];
      asked.push(time.nowMs());
      askedMs.set(app, asked);
    },
    answerMs: (app) => {
      if (time.nowMs() < history.healMs && history.slowUntilHeal?.includes(app)) return 60_000;
      return faults.fires('api-slow') ? random.int(1_000, 20_000) : random.int(20, 400);
    },
    troubleOf,
    select,
  };
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

/** What an answer says of the limit it applied to a request for `asked` rows. */
export function toldLimit({ limit, rowsMax }: ApiTraits, asked: number): number | undefined {
  if (limit === 'absent') return undefined;
  return limit === 'asked' ? asked : Math.min(rowsMax, asked);
}

/** What an answer of `ofPage` rows says of the total. */
export function toldTotal({ total, rowsMax }: ApiTraits, count: number, ofPage: number): number | undefined {
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
