import type { Window } from './event.ts';
import { DAY_MS } from './policy.ts';

/** What an answer proves about its window. */
export type PageVerdict =
  /** Every event of the window is in it. */
  | 'whole'
  /** There is more, by the source's own hints: no need to ask at its end. */
  | 'partial'
  /** Nothing is known until a request at its end has been answered. */
  | 'unknown';

export type PageFacts = {
  readonly rowCount: number;
  /** Most rows any answer of this source has held for this app. */
  readonly rowsMax: number;
  readonly totalCount: number | undefined;
  readonly limit: number | undefined;
};

/**
 * A short answer proves wholeness only if the source has given a longer one: a limit it never told may
 * have cut this one. Totals and echoed limits lie; they may say "there is more", never "that is all".
 */
export function judgePage({ rowCount, rowsMax, totalCount, limit }: PageFacts): PageVerdict {
  if (rowCount === 0) return 'whole';
  const saysMore = totalCount !== undefined && totalCount > rowCount;
  if (rowCount >= rowsMax) return saysMore ? 'partial' : 'unknown';
  // A source may have lowered its limit since it gave a longer answer: when it hints at that, it is asked.
  const isAtLimit = limit !== undefined && limit <= rowCount;
  return saysMore || isAtLimit ? 'unknown' : 'whole';
}

/** Halving stops here: what does not fit into one second is read by offset. */
export const SPLIT_MIN_MS = 1_000;

/** The two halves of a window, oldest first, on whole milliseconds; undefined when it is too short to split. */
export function halve(window: Window): readonly [Window, Window] | undefined {
  const spanMs = window.untilMs - window.fromMs;
  if (spanMs <= SPLIT_MIN_MS) return undefined;
  const middleMs = window.fromMs + Math.floor(spanMs / 2);
  return [
    { fromMs: window.fromMs, untilMs: middleMs },
    { fromMs: middleMs, untilMs: window.untilMs },
  ];
}

/** The window cut at every midnight (UTC), oldest first: for an API that knows only days. */
export function splitDays(window: Window): readonly Window[] {
  const days: Window[] = [];
  for (let fromMs = window.fromMs; fromMs < window.untilMs; ) {
    const untilMs = Math.min(window.untilMs, (Math.floor(fromMs / DAY_MS) + 1) * DAY_MS);
    days.push({ fromMs, untilMs });
    fromMs = untilMs;
  }
  return days;
}

/** Bounds are widened when they are sent, and truncated to seconds on the way back. */
const BOUND_SLACK_MS = 4_000;

/** Whether the answer shows that the source did not narrow to the window: most of it lies outside. */
export function ignoresBounds(window: Window, datesMs: readonly (number | undefined)[]): boolean {
  const dated = datesMs.filter((at) => at !== undefined);
  const outside = dated.filter(
    (at) => at < window.fromMs - BOUND_SLACK_MS || at >= window.untilMs + BOUND_SLACK_MS,
  );
  return outside.length * 2 > dated.length;
}
