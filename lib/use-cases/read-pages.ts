import type { App } from '../domain/alert-config.ts';
import type { Accepts } from '../domain/app-state.ts';
import type { Event, Window } from '../domain/event.ts';
import { judgePage } from '../domain/whole-page.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventSource, PageAnswer } from '../ports/event-source.ts';

/** What the source said when it gave no page. */
export type ReadFailure = Extract<PageAnswer, { kind: 'failed' }>;

/** What one reading of one app may cost. */
export type ReadLimits = {
  readonly pagesMax: number;
  readonly deadlineMs: number;
  readonly nowMs: number;
};

/** Mutable for one reading; nothing outlives it. */
export type Progress = {
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
  failure: ReadFailure | undefined;
};

/** One answer of the source. */
export type Page = Extract<PageAnswer, { kind: 'page' }>;

/** Whether the answer holds every event of its window; may cost one more request. */
export async function isWhole(progress: Progress, window: Window, page: Page): Promise<boolean> {
  const verdict = judgePage({
    rowCount: page.rows.length,
    // The page itself has been counted into rowsMax: only a longer one proves anything.
    rowsMax: progress.accepts.rowsMax,
    totalCount: page.totalCount,
    limit: page.limit,
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

/** One answer, in whatever form of bounds the source takes; undefined when there is none, with the failure kept. */
export async function readPage(
  progress: Progress,
  window: Window,
  offset: number,
): Promise<Page | undefined> {
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

/** Notes that every event of the window has been met. */
export function cover(progress: Progress, window: Window): void {
  const { accepts, limits } = progress;
  const untilMs = accepts.future ? window.untilMs : Math.min(window.untilMs, limits.nowMs);
  if (untilMs > window.fromMs) progress.covered.push({ fromMs: window.fromMs, untilMs });
}

/** Whether another answer may be asked for. */
export function mayGoOn(progress: Progress): boolean {
  return (
    progress.failure === undefined &&
    progress.pagesLeft > 0 &&
    progress.clock.nowMs() < progress.limits.deadlineMs
  );
}
