import type { AppKey } from './identity.ts';

/** Tiers re-read ever further back, ever more rarely; the watermark is the mark of the first. */
export type DeepTier = 'hourly' | 'daily';

export type TierState = {
  /** When the last run of the tier began: the next one reads from its lookback before that. */
  readonly markMs: number;
  /** Event time the run in progress has reached; undefined between runs. */
  readonly atMs: number | undefined;
};

export type FailureReason =
  | 'unauthorised'
  | 'forbidden'
  | 'gone'
  | 'rate-limited'
  | 'rejected'
  | 'unavailable'
  | 'unreadable';

export type Failure = {
  readonly because: FailureReason;
  /** One sentence for a person: what was asked, what came back. Free of secrets and numbers. */
  readonly detail: string;
  readonly sinceMs: number;
  /** Failed ticks in a row. */
  readonly count: number;
};

/** What this API was seen to accept for this app. Narrowed when it refuses; forgotten after a day, since APIs change. */
export type Accepts = {
  /** Bounds in the future. */
  readonly future: boolean;
  /** Bounds with a time of day; false: whole days only. */
  readonly timeOfDay: boolean;
  /** Bounds narrow the answer by time of day. False once halving a window changed nothing. */
  readonly halving: boolean;
  /** Most rows one answer has held: a shorter answer is whole. */
  readonly rowsMax: number;
  /** Longest window of the past that is worth asking for at once; undefined: any. Halved when such a one fails. */
  readonly spanMaxMs: number | undefined;
  /** Since when this is being learned. */
  readonly learnedAtMs: number;
};

/** What one app's polls leave behind for the next. Times in epoch milliseconds. */
export type AppState = {
  readonly app: AppKey;
  readonly startMs: number;
  /** Event time up to which everything has been read and has its rows. */
  readonly watermarkMs: number;
  readonly tiers: Readonly<Record<DeepTier, TierState>>;
  /** Reading of the past for rules with `since`: what is left of it. */
  readonly backfill: { readonly atMs: number; readonly untilMs: number } | undefined;
  /** The lookback of the minute tier as grown by lateness seen; undefined: the setting. */
  readonly grownLookback: { readonly lookbackMs: number; readonly seenAtMs: number } | undefined;
  readonly pollAfterMs: number;
  readonly failure: Failure | undefined;
  /** The past could not be read, while the newest could: the app is healthy, and the past is tried again later. */
  readonly deepFailure: { readonly count: number; readonly retryAtMs: number } | undefined;
  readonly accepts: Accepts;
  /** Hash of the rules that apply to the app: tells cheaply that the starts must be brought up to date. */
  readonly rulesHash: string;
  /** Starts added after this are not yet reflected in backfill and seeding. */
  readonly rulesAtMs: number;
  /** Event time before which no rule of this app looks: reading further back is pointless. */
  readonly historyFromMs: number;
  /**
   * The first whole read under an unknown zone, for rules added since `sinceMs`: what it finds in
   * `[atMs, untilMs)` was there before. Undefined once it is done.
   */
  readonly seeding: { readonly sinceMs: number; readonly atMs: number; readonly untilMs: number } | undefined;
  readonly counters: { readonly alerts: number };
  readonly owner: string | undefined;
  readonly leaseUntilMs: number;
  /** Keys of rows that may have an open target, as formatted by `formatKey`. At most `turnRowsMax`. */
  readonly open: readonly string[];
  /** When this item was last written. */
  readonly writtenAtMs: number;
};
