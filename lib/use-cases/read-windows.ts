import type { App } from '../domain/alert-config.ts';
import type { Accepts } from '../domain/app-state.ts';
import type { Event, Window } from '../domain/event.ts';
import type { ReadPlan } from '../domain/read-plan.ts';
import { halve, ignoresBounds, judgePage } from '../domain/whole-page.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventSource, PageAnswer } from '../ports/event-source.ts';

export type Reading = {
  /** Each record once, in the order it was met. */
  readonly events: readonly Event[];
  readonly quarantinedCount: number;
  /** Windows of which every event has been met. */
  readonly covered: readonly Window[];
  /** What was learned about the source. */
  readonly accepts: Accepts;
  /** Why reading stopped early; undefined when the source answered everything that was asked. */
  readonly failure: Extract<PageAnswer, { kind: 'failed' }> | undefined;
};

type ReadLimits = { readonly pagesMax: number; readonly deadlineMs: number; readonly nowMs: number };

/** Mutable for one reading; nothing outlives it. */
type Progress = {
  readonly app: App;
  readonly source: EventSource;
  readonly clock: Clock;
  readonly limits: ReadLimits;
  readonly met: Map<string, Event | undefined>;
  readonly covered: Window[];
  accepts: Accepts;
  /** Whether totals told the truth in this reading: they are put to the test once. */
  totals: 'untested' | 'true' | 'false';
  pagesLeft: number;
  failure: Extract<PageAnswer, { kind: 'failed' }> | undefined;
};

type Page = Extract<PageAnswer, { kind: 'page' }>;

/** Passes over an unstable order that must add nothing before it is believed. */
const QUIET_PASSES = 2;

/**
 * Reads the parts of a plan so that no event is skipped while others arrive. What is met is returned even
 * where its window could not be finished: telling early is harmless, and the window is read again.
 */
export async function readWindows(
  ports: { readonly source: EventSource; readonly clock: Clock },
  app: App,
  plan: ReadPlan,
  accepts: Accepts,
  limits: ReadLimits,
): Promise<Reading> {
  const progress: Progress = {
    app,
    ...ports,
    limits,
    met: new Map(),
    covered: [],
    accepts,
    totals: 'untested',
    pagesLeft: limits.pagesMax,
    failure: undefined,
  };
  const unionIsWhole = plan.union !== undefined && (await readAtOnce(progress, plan.union));
  if (!unionIsWhole) {
    for (const part of plan.parts) if (mayGoOn(progress)) await readPart(progress, part);
  }
  const events = [...progress.met.values()];
  return {
    events: events.filter((event) => event !== undefined),
    quarantinedCount: events.filter((event) => event === undefined).length,
    covered: progress.covered,
    accepts: progress.accepts,
    failure: progress.failure,
  };
}

/** True when one answer (and a look at its end) held the whole window. */
async function readAtOnce(progress: Progress, window: Window): Promise<boolean> {
  const page = await readPage(progress, window, 0);
  if (page === undefined || !(await isWhole(progress, window, page))) return false;
  cover(progress, window);
  return true;
}

async function readPart(progress: Progress, window: Window): Promise<void> {
  if (!progress.accepts.halving) return readByOffset(progress, window);
  const unnarrowed = await readByHalves(progress, window);
  if (unnarrowed) {
    progress.accepts = { ...progress.accepts, halving: false };
    await readByOffset(progress, window);
  }
}

/** Halves a window until its parts are whole, oldest first so that marks can follow. True: halving changes nothing. */
async function readByHalves(progress: Progress, window: Window): Promise<boolean> {
  if (!mayGoOn(progress)) return false;
  const page = await readPage(progress, window, 0);
  if (page === undefined) return false;
  if (await isWhole(progress, window, page)) {
    cover(progress, window);
    return false;
  }
  if (ignoresBounds(window, datesOf(page))) return true;
  const halves = halve(window);
  if (halves === undefined) {
    await readByOffset(progress, window);
    return false;
  }
  for (const half of halves) if (await readByHalves(progress, half)) return true;
  return false;
}

async function isWhole(progress: Progress, window: Window, page: Page): Promise<boolean> {
  const verdict = judgePage({
    rowCount: page.rows.length,
    // The page itself has been counted into rowsMax: only a longer one proves anything.
    rowsMax: progress.accepts.rowsMax,
    totalCount: page.totalCount,
  });
  if (verdict === 'whole') return true;
  // A total that is always too high would have every window halved down to the second.
  if (verdict === 'partial' && progress.totals === 'true') return false;
  const whole = await endsWithin(progress, window, page);
  if (whole === undefined) return false;
  if (verdict === 'partial' && progress.totals === 'untested') progress.totals = whole ? 'false' : 'true';
  return whole;
}

/**
 * Asks from the middle of a page on: the page was whole when the rest of it, and nothing else, comes back. Asking at
 * its end would miss a row that moved into the page when one before it was deleted.
 */
async function endsWithin(progress: Progress, window: Window, page: Page): Promise<boolean | undefined> {
  const offset = Math.max(1, Math.floor(page.rows.length / 2));
  const rest = await readPage(progress, window, offset);
  if (rest === undefined) return undefined;
  const known = new Set(page.rows.map((row) => row.fingerprint));
  return (
    rest.rows.length === page.rows.length - offset && rest.rows.every((row) => known.has(row.fingerprint))
  );
}

/** Pages overlapping by half, again and again until passes add nothing: for what halving cannot separate. */
async function readByOffset(progress: Progress, window: Window): Promise<void> {
  for (let quietPasses = 0; quietPasses < QUIET_PASSES; ) {
    const metCount = progress.met.size;
    if (!(await passByOffset(progress, window))) return;
    quietPasses = progress.met.size === metCount ? quietPasses + 1 : 0;
  }
  cover(progress, window);
}

/** True when the pass came to the end of the rows. */
async function passByOffset(progress: Progress, window: Window): Promise<boolean> {
  for (let offset = 0; mayGoOn(progress); ) {
    const page = await readPage(progress, window, offset);
    if (page === undefined) return false;
    if (page.rows.length === 0) return true;
    offset += Math.max(1, Math.floor(page.rows.length / 2));
  }
  return false;
}

async function readPage(progress: Progress, window: Window, offset: number): Promise<Page | undefined> {
  const { app, source, limits } = progress;
  let failure: Progress['failure'];
  for (const accepts of formsOf(progress.accepts)) {
    if (!mayGoOn(progress)) break;
    progress.pagesLeft -= 1;
    const answer = await source.readPage({ app, window, offset, accepts, deadlineMs: limits.deadlineMs });
    if (answer.kind === 'page') {
      progress.accepts = accepts;
      meet(progress, answer);
      return answer;
    }
    failure = answer;
    // When every form is refused it was not the form, and nothing is remembered of it.
    if (answer.because !== 'rejected') break;
  }
  progress.failure ??= failure;
  return undefined;
}

/**
 * The form of bounds known to be taken, then each narrower one, for an API that refuses the future, a time of day or
 * both. One at a time: giving up the future as well would show what such an API dates ahead only when its time has come.
 */
function formsOf(accepts: Accepts): readonly Accepts[] {
  const present = { ...accepts, future: false };
  const days = { ...accepts, timeOfDay: false, halving: false };
  const forms = [accepts, present, days, { ...days, future: false }];
  return forms.filter(
    (form, index) =>
      forms.findIndex((other) => other.future === form.future && other.timeOfDay === form.timeOfDay) ===
      index,
  );
}

function meet(progress: Progress, page: Page): void {
  for (const row of page.rows) progress.met.set(row.fingerprint, row.event);
  if (page.rows.length > progress.accepts.rowsMax) {
    progress.accepts = { ...progress.accepts, rowsMax: page.rows.length };
  }
}

function cover(progress: Progress, window: Window): void {
  const { accepts, limits } = progress;
  const untilMs = accepts.future ? window.untilMs : Math.min(window.untilMs, limits.nowMs);
  if (untilMs > window.fromMs) progress.covered.push({ fromMs: window.fromMs, untilMs });
}

function mayGoOn(progress: Progress): boolean {
  return (
    progress.failure === undefined &&
    progress.pagesLeft > 0 &&
    progress.clock.nowMs() < progress.limits.deadlineMs
  );
}

function datesOf(page: Page): readonly (number | undefined)[] {
  return page.rows.map((row) => row.event?.occurredAtMs);
}
