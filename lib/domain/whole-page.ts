import type { Window } from './event.ts';

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
};

/**
 * A short answer proves wholeness only if the source has given a longer one: a limit it never told may
 * have cut this one. Totals and echoed limits lie; they may say "there is more", never "that is all".
 */
export function judgePage({ rowCount, rowsMax, totalCount }: PageFacts): PageVerdict {
  if (rowCount === 0 || rowCount < rowsMax) return 'whole';
  return totalCount !== undefined && totalCount > rowCount ? 'partial' : 'unknown';
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

/** Bounds are widened when they are sent, and truncated to seconds on the way back. */
const BOUND_SLACK_MS = 4_000;

/** Whether the answer shows that the source did not narrow to the window (it knows only days, or ignores it). */
export function ignoresBounds(window: Window, datesMs: readonly (number | undefined)[]): boolean {
  return datesMs.some(
    (at) =>
      at !== undefined && (at < window.fromMs - BOUND_SLACK_MS || at >= window.untilMs + BOUND_SLACK_MS),
  );
}
