import type { App } from '../domain/alert-config.ts';
import type { Accepts, FailureReason } from '../domain/app-state.ts';
import type { Event, Window } from '../domain/event.ts';
import { DEEP_SPAN_MIN_MS } from '../domain/policy.ts';
import type { ReadPlan } from '../domain/read-plan.ts';
import { halve, ignoresBounds, judgePage, splitDays } from '../domain/whole-page.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventSource } from '../ports/event-source.ts';
import {
  cover,
  isWhole,
  mayGoOn,
  type Page,
  type Progress,
  type ReadFailure,
  type ReadLimits,
  readPage,
} from './read-pages.ts';

export type Reading = {
  /** Each record once, in the order it was met. */
  readonly events: readonly Event[];
  readonly quarantinedCount: number;
  /** Windows of which every event has been met. */
  readonly covered: readonly Window[];
  /** What was learned about the source. */
  readonly accepts: Accepts;
  /** Why the app could not be read, or no further; undefined when at least its newest window was answered. */
  readonly failure: ReadFailure | undefined;
  /** Why the past could not be read although the newest could. */
  readonly deepFailure: ReadFailure | undefined;
  /** Answers it took. */
  readonly pageCount: number;
};

/** Passes over an unstable order that must add nothing before it is believed. */
const QUIET_PASSES = 2;

/** Failures of one tick after which the past is left for later. */
const PAST_TRIES_MAX = 4;

/** Failures that a shorter window may not have. */
const PASSING: ReadonlySet<FailureReason> = new Set(['unavailable', 'unreadable', 'rejected']);

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
  const deepFailure = await readPlan(progress, plan);
  const events = [...progress.met.values()];
  return {
    events: events.filter((event) => event !== undefined),
    quarantinedCount: events.filter((event) => event === undefined).length,
    covered: progress.covered,
    accepts: progress.accepts,
    failure: progress.failure,
    deepFailure,
    pageCount: limits.pagesMax - progress.pagesLeft,
  };
}

/** Everything at once where that may do, else part by part; what fails of the past is returned. */
async function readPlan(progress: Progress, plan: ReadPlan): Promise<ReadFailure | undefined> {
  const [newest, ...past] = plan.parts;
  if (plan.union !== undefined && (await readAtOnce(progress, plan.union))) return undefined;
  // A long window that cannot be answered must not keep the newest from being read.
  if (plan.union !== undefined && takePassing(progress) !== undefined) shorten(progress, plan.union);
  if (newest !== undefined) await readPart(progress, newest);
  for (const part of past) {
    const failure = await readPast(progress, part);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** Windows of the past that fail are tried shorter, oldest first, until they are answered or too short to try. */
async function readPast(progress: Progress, part: Window): Promise<ReadFailure | undefined> {
  let triesLeft = PAST_TRIES_MAX;
  for (let fromMs = part.fromMs; fromMs < part.untilMs && mayGoOn(progress); ) {
    const spanMs = progress.accepts.spanMaxMs ?? part.untilMs - fromMs;
    const window = { fromMs, untilMs: Math.min(part.untilMs, fromMs + spanMs) };
    await readPart(progress, window);
    const failure = takePassing(progress);
    if (failure === undefined) {
      fromMs = window.untilMs;
      continue;
    }
    triesLeft -= 1;
    if (triesLeft === 0 || !shorten(progress, window)) return failure;
  }
  return undefined;
}

/** Takes away a failure that need not concern the rest of the reading: not one about the app or its client as a whole. */
function takePassing(progress: Progress): ReadFailure | undefined {
  const { failure } = progress;
  if (failure === undefined || !PASSING.has(failure.because)) return undefined;
  progress.failure = undefined;
  return failure;
}

/** False when windows are not tried any shorter. */
function shorten(progress: Progress, window: Window): boolean {
  const spanMs = Math.max(DEEP_SPAN_MIN_MS, Math.floor((window.untilMs - window.fromMs) / 2));
  if (spanMs >= window.untilMs - window.fromMs) return false;
  progress.accepts = { ...progress.accepts, spanMaxMs: spanMs };
  return true;
}

/** True when one answer (and a look at its end) held the whole window. */
async function readAtOnce(progress: Progress, window: Window): Promise<boolean> {
  const page = await readPage(progress, window, 0);
  if (page === undefined || !(await isWhole(progress, window, page))) return false;
  cover(progress, window);
  return true;
}

async function readPart(progress: Progress, window: Window): Promise<void> {
  if (progress.accepts.halving) {
    const unnarrowed = await readByHalves(progress, window);
    if (!unnarrowed) return;
    progress.accepts = { ...progress.accepts, halving: false };
  }
  const days = splitDays(window);
  if (days.length > 1 && (await readAtOnce(progress, window))) return;
  for (const day of days) {
    // Most days fit into one answer, which is far cheaper than passes by offset.
    if (mayGoOn(progress) && !(await readAtOnce(progress, day))) await readByOffset(progress, day);
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
    if (isLast(progress, page, offset)) return true;
    offset += Math.max(1, Math.floor(page.rows.length / 2));
  }
  return false;
}

/** The rest of a window, from an offset on, is judged as a window is: asking for nothing at its end would cost too much. */
function isLast({ accepts }: Progress, { rows, totalCount, limit }: Page, offset: number): boolean {
  const restCount = totalCount === undefined ? undefined : totalCount - offset;
  const facts = { rowCount: rows.length, rowsMax: accepts.rowsMax, totalCount: restCount, limit };
  return judgePage(facts) === 'whole';
}

function datesOf(page: Page): readonly (number | undefined)[] {
  return page.rows.map((row) => row.event?.occurredAtMs);
}
