import type { AppKey, EventHash, Target } from './identity.ts';

/** Sort and partition key of a ledger row, as stored. */
export type RowKey = { readonly pk: string; readonly sk: string };

export type HoldReason =
  | 'storm'
  /** Older news than that of the moment: told together. */
  | 'catch-up'
  /** The receiver has had the SMS of this hour. */
  | 'sms-hour'
  | 'refused'
  | 'unknown'
  | 'deadline'
  | 'no-receiver'
  | 'retry';

export type SuppressReason = 'before-start' | 'no-receiver' | 'cooldown' | 'sms-budget';

/** What has become of one alert for one target. Sent, suppressed and failed are final; a person alone takes failed back. */
export type TargetState =
  | { readonly is: 'open' }
  | {
      readonly is: 'held';
      readonly untilMs: number;
      readonly because: HoldReason;
      /** Publishes so far whose outcome was never learned. */
      readonly unknownCount: number;
      /** When a publish of it first went wrong; undefined while none did. Bounds how long it is tried. */
      readonly troubledSinceMs: number | undefined;
      /** What the publisher said last, for the receipt. */
      readonly lastError: string | undefined;
    }
  | { readonly is: 'sent'; readonly messageId: string; readonly atMs: number; readonly alertCount: number }
  | {
      readonly is: 'suppressed';
      readonly because: SuppressReason;
      readonly atMs: number;
      /** Of a cooldown: formatted key of the row that was told instead. */
      readonly by: string | undefined;
    }
  | { readonly is: 'failed'; readonly because: string; readonly atMs: number };

export type TargetStates = Readonly<Record<Target, TargetState>>;

/** What is known of the event and the match; rendering needs nothing else. At most about 1 KB. */
export type AlertFacts = {
  readonly app: AppKey;
  readonly appName: string;
  readonly rule: string;
  readonly event: EventHash;
  readonly type: string;
  readonly text: string | undefined;
  readonly phone: string | undefined;
  readonly campaignId: string | undefined;
  readonly adId: string | undefined;
  readonly occurredAtMs: number | undefined;
  /** When a poll first saw the event. */
  readonly seenAtMs: number;
  /** The rule's keyword that was found, as written in the file; undefined for rules without keywords. */
  readonly keyword: string | undefined;
};

/** One alert: put once per (app, rule, event), then only `to` moves. */
export type AlertRow = {
  readonly key: RowKey;
  /** The shape's version, so that a later release can read rows of this one. */
  readonly version: 1;
  /** The invocation that claimed it. */
  readonly owner: string;
  /** Hash of the configuration it was decided under. */
  readonly config: string;
  readonly facts: AlertFacts;
  readonly to: TargetStates;
  readonly claimedAtMs: number;
  /** Epoch seconds; only on settled rows. For the table's clean-up alone: nothing decides by it. */
  readonly expiresAtS: number | undefined;
};

const RETENTION_S = 35 * 24 * 3600;

export function hasOpen(to: TargetStates): boolean {
  return Object.values(to).some((state) => state.is === 'open');
}

/** Settled: no target is open or held, so nothing about the row will change. */
export function isSettled(to: TargetStates): boolean {
  return Object.values(to).every((state) => state.is !== 'open' && state.is !== 'held');
}

/**
 * When a settled row may go: later than any plan reads back (28 days), so that no re-read repeats it. An undated event
 * may come up in any reading: its row stays.
 */
export function expiryOf(
  row: { readonly facts: Pick<AlertFacts, 'occurredAtMs'>; readonly to: TargetStates },
  nowMs: number,
): number | undefined {
  const mayGo = isSettled(row.to) && row.facts.occurredAtMs !== undefined;
  return mayGo ? Math.ceil(nowMs / 1000) + RETENTION_S : undefined;
}

/** The row of one alert: the same event alerts a rule once, whatever types it comes under. */
export function rowKey(app: AppKey, event: EventHash, rule: string): RowKey {
  return { pk: `app#${app}`, sk: `alert#${event}#${rule}` };
}

export function formatKey(key: RowKey): string {
  return `${key.pk}|${key.sk}`;
}

export function parseKey(text: string): RowKey {
  const bar = text.indexOf('|');
  return { pk: text.slice(0, bar), sk: text.slice(bar + 1) };
}
