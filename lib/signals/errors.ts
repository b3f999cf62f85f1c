import type { FailureReason } from '../domain/app-state.ts';

/** What is known of a request that failed. */
export type RequestFacts = {
  /** Method and path; the query is left out. */
  readonly request: string;
  readonly status?: number | undefined;
  /** What whoever runs this should look at. */
  readonly advice?: string | undefined;
  /** Beginning of the answer, already masked. */
  readonly excerpt?: string | undefined;
  /** When the API asked to be left alone until. */
  readonly retryAtMs?: number | undefined;
  readonly cause?: unknown;
};

/** A request to the Signals API that gave no usable answer. Its text holds no secret and no phone number. */
export abstract class SignalsError extends Error {
  abstract readonly because: FailureReason;
  readonly request: string;
  readonly status: number | undefined;
  readonly excerpt: string | undefined;
  readonly retryAtMs: number | undefined;

  constructor(what: string, facts: RequestFacts) {
    const status = facts.status === undefined ? '' : ` (status ${facts.status})`;
    const advice = facts.advice === undefined ? '' : `; ${facts.advice}`;
    const excerpt = facts.excerpt === undefined ? '' : `; the answer begins: ${facts.excerpt}`;
    super(
      `${facts.request}: ${what}${status}${advice}${excerpt}`,
      facts.cause === undefined ? undefined : { cause: facts.cause },
    );
    this.request = facts.request;
    this.status = facts.status;
    this.excerpt = facts.excerpt;
    this.retryAtMs = facts.retryAtMs;
  }
}

/** 401, or no token that can be sent: the credentials must be renewed. */
export class UnauthorisedError extends SignalsError {
  override readonly name = 'UnauthorisedError';
  readonly because = 'unauthorised';
}

/** 403: the credentials are good, this app is not theirs. */
export class ForbiddenError extends SignalsError {
  override readonly name = 'ForbiddenError';
  readonly because = 'forbidden';
}

/** 404 or 410: the API does not know the client or the app. */
export class GoneError extends SignalsError {
  override readonly name = 'GoneError';
  readonly because = 'gone';
}

/** 429: asked too often. */
export class RateLimitedError extends SignalsError {
  override readonly name = 'RateLimitedError';
  readonly because = 'rate-limited';
}

/** 400 or 422: the API does not accept a parameter as it was written. */
export class RejectedError extends SignalsError {
  override readonly name = 'RejectedError';
  readonly because = 'rejected';
}

/** No answer of the API itself: time-out, reset, DNS, 5xx, a redirect, or a status that has no meaning here. */
export class UnavailableError extends SignalsError {
  override readonly name = 'UnavailableError';
  readonly because = 'unavailable';
  /** Whether the same request may succeed a moment later. */
  readonly isMomentary: boolean;

  constructor(what: string, facts: RequestFacts, isMomentary: boolean) {
    super(what, facts);
    this.isMomentary = isMomentary;
  }
}

/** An answer that cannot be read: not JSON, cut off, too big, or not a list of events. Never an empty page. */
export class UnreadableError extends SignalsError {
  override readonly name = 'UnreadableError';
  readonly because = 'unreadable';
  /** Whether it was longer than is read: fewer rows may be readable. */
  readonly isTooLong: boolean;

  constructor(what: string, facts: RequestFacts, isTooLong = false) {
    super(what, facts);
    this.isTooLong = isTooLong;
  }
}
