/** Counted over the whole stack; no app, rule or receiver dimension, which would cost by the thousand. */
export type Measure =
  | 'Polls'
  | 'PollsFailed'
  /** Polls refused for want of a valid token: the secret is missing, unusable or out of date. */
  | 'Unauthorised'
  | 'EventsRead'
  | 'EventsQuarantined'
  | 'Matched'
  | 'Sent'
  | 'Held'
  | 'Suppressed'
  | 'Failed'
  | 'FailedListed'
  /** New alerts of events that no lookback reaches. */
  | 'BeyondLookback'
  | 'LagMs';

export interface Telemetry {
  /** Adds `value` to a metric of this invocation. */
  count(measure: Measure, value: number): void;
  /** One structured line. Details hold ids of ours and counts: no numbers, texts, addresses or source ids. */
  log(level: 'info' | 'warn' | 'error', message: string, details: Readonly<Record<string, unknown>>): void;
}
