import type { App } from '../domain/alert-config.ts';
import type { Accepts, FailureReason } from '../domain/app-state.ts';
import type { Event, Window } from '../domain/event.ts';

export type PageRequest = {
  readonly app: App;
  readonly window: Window;
  /** Rows to leave out at the front of the answer's own order. */
  readonly offset: number;
  /** How the bounds may be written for this app. */
  readonly accepts: Pick<Accepts, 'future' | 'timeOfDay'>;
  /** No attempt starts, and none goes on, after this. */
  readonly deadlineMs: number;
};

export type SourceRow = {
  /** Short, and the same for the same unchanged record in two answers. In memory only: it is made of personal data. */
  readonly fingerprint: string;
  /** Undefined: the record could not be read as an event and is only counted. */
  readonly event: Event | undefined;
};

export type PageAnswer =
  | {
      readonly kind: 'page';
      readonly rows: readonly SourceRow[];
      /** What the source says of the total and of the limit it applied: hints, never proof. */
      readonly totalCount: number | undefined;
      readonly limit: number | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly because: FailureReason;
      /** One sentence, free of secrets and phone numbers. */
      readonly detail: string;
      /** When the source asked to be left alone until; undefined: it did not say. */
      readonly retryAtMs: number | undefined;
    };

/** Where events come from. Another source than the Signals API fits behind this without a change in domain. */
export interface EventSource {
  /** One answer of the source. Never throws for what the source does; safe to repeat. */
  readPage(request: PageRequest): Promise<PageAnswer>;
}
