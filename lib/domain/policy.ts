/** Limits that protect people, tenants and money. Each has a name, a unit and a test. */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Zones lie up to 26 hours apart; bounds and histories of unknown zone reach this much further. */
export const ZONE_REACH_MS = 26 * HOUR_MS;

/** No plan reads further back: rows are kept 35 days, so nothing that is re-read can have been forgotten. */
export const HISTORY_MAX_MS = 28 * DAY_MS;

/** A rule or receiver missing for less may come back: old and new code overlap while a stack is updated. */
export const RULE_GONE_GRACE_MS = 10 * MINUTE_MS;

/** Marks of an idle app are written about this often; it bounds how far an idle window grows. */
export const QUIET_WRITE_MS = 10 * MINUTE_MS;

/** What was learned of an API is forgotten after this long. */
export const LEARNED_MAX_MS = 24 * HOUR_MS;

/** Windows of the past are not cut shorter than this because they fail. */
export const DEEP_SPAN_MIN_MS = 60 * MINUTE_MS;

/** A refused delivery is tried again ever more rarely, but at least this often. */
export const REFUSED_WAIT_MAX_MS = 15 * MINUTE_MS;

/** Held alerts of one target that one tick may publish: a digest must be recorded after it was sent. */
export const HELD_PER_TARGET_MAX = 1_000;

/** Answers of the source one app may cost per tick. */
export const PAGES_PER_TICK_MAX = 60;

/** New work of one app stops this long after it began. */
export const APP_DEADLINE_MS = 35_000;

/** New work stops this long before the invocation is killed, so that what was begun can end. */
export const WORK_RESERVE_MS = 12_000;

/** No publish begins in the last moments of an invocation: it could not be recorded. */
export const PUBLISH_RESERVE_MS = 5_000;

/** A lease outlives the invocation that holds it by this much, whatever the clocks say. */
export const LEASE_MARGIN_MS = 10_000;

/** SNS disables an e-mail subscription that is sent more than 10 messages a second. */
export const MESSAGES_PER_SECOND_MAX = 5;

/** Alerts of one rule to one target in one tick, over all publishers; the rest comes as a digest. */
export const STORM_LIMIT = 20;

/** Told this long after it occurred, an alert is no news of the moment: beyond a few, such alerts are told together. */
export const DELAYED_FROM_MS = 60 * MINUTE_MS;

/** SMS to one receiver in one hour, unless the file says otherwise. */
export const SMS_PER_HOUR = 60;

/** More held alerts than this are told in a digest, fewer one by one. */
export const DIGEST_ABOVE = 3;

/** Publishes of unknown outcome after which a delivery is given up: each may have arrived. */
export const UNKNOWN_MAX = 3;

/** A delivery that SNS did not accept for this long is given up. */
export const TROUBLE_MAX_MS = 24 * HOUR_MS;

/** Rows one turn names in its app's item, which bounds the size of that item: some 100 bytes each. */
export const TURN_ROWS_MAX = 200;

/** Writes in flight per app. */
export const WRITES_PER_APP_MAX = 8;

/** Apps polled at once in one shard, and how many of those may be failing ones. */
export const REQUESTS_MAX = 16;
export const FAILING_REQUESTS_MAX = 4;

/** What depends on where the code runs, not on the file. */
export type Pace = {
  /** Time between two ticks; what is held for another try waits this long. */
  readonly tickMs: number;
  /** Invocations that may publish to one target at once (poll shards and the digest): they share the limits. */
  readonly publisherCount: number;
  /** Which of them this is, from 0 on. */
  readonly publisherIndex: number;
  /** Rows one turn may name. */
  readonly turnRowsMax: number;
};

export function stormShare(pace: Pace): number {
  return Math.max(1, Math.floor(STORM_LIMIT / pace.publisherCount));
}

/** When a publisher may send to a target: at `phaseMs` of each `spacingMs` of the wall clock. */
export type Slots = { readonly spacingMs: number; readonly phaseMs: number };

/**
 * Publishers know nothing of each other, and all begin with the minute: each has every so many-th slot of one grid, so that
 * together they never send more messages in a second than people's subscriptions survive.
 */
export function slotsOf({ publisherCount, publisherIndex }: Pace): Slots {
  const slotMs = 1000 / MESSAGES_PER_SECOND_MAX;
  return { spacingMs: slotMs * publisherCount, phaseMs: slotMs * publisherIndex };
}

/** The first slot at `fromMs` or after it. */
export function slotFrom(fromMs: number, { spacingMs, phaseMs }: Slots): number {
  return Math.ceil((fromMs - phaseMs) / spacingMs) * spacingMs + phaseMs;
}
