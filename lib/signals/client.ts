import type { Clock } from '../ports/clock.ts';
import { checkBaseUrl } from './base-url.ts';
import { type Credentials, isSendable } from './credentials.ts';
import {
  RejectedError,
  SignalsError,
  UnauthorisedError,
  UnavailableError,
  UnreadableError,
} from './errors.ts';
import { type Get, getJson, type Transport } from './http.ts';
import { excerptOf, maskText } from './mask.ts';
import { type EventList, readEventList } from './wire-events.ts';

const RETRY_DELAY_MS_DEFAULT = 250;
/** Timers take no longer delay. */
const DELAY_MS_MAX = 2 ** 31 - 1;

/** Parameters of Get Events, as the reference's section of that name has them. */
export type ListEventsParameters = {
  /** `client_id` in the path: letters, digits, `_` and `-`, at most 64. */
  readonly client: string;
  /** `app_id` in the path: of the same letters. */
  readonly app: string;
  /** `date_from`, required: earliest event date. The API documents no format; see `formatBounds`. */
  readonly dateFrom: string;
  /** `date_to`, required: latest event date, in the same form. */
  readonly dateTo: string;
  /** `limit`: most rows of one answer, 1 to 1000. */
  readonly limit: number;
  /** `offset`: rows left out at the front of the answer's own order, 0 or more. No order is promised. */
  readonly offset: number;
  /** `event_type`: one of the documented types, for instance `converted`; undefined: all. */
  readonly eventType?: string | undefined;
  /** `event_type_id`: one configured keyword or conversion, for instance `keyword#1`; undefined: all. */
  readonly eventTypeId?: string | undefined;
  /** `ad_id`: id of one ad at Meta; undefined: all, including events without an ad. */
  readonly adId?: string | undefined;
};

/** The Signals API in its own words. */
export interface SignalsClient {
  /**
   * Get Events: GET /v1/clients/{client_id}/apps/{app_id}/events. One answer of at most `limit` records, which are
   * not looked at. Safe to repeat; nothing goes on after `deadlineMs` (epoch milliseconds).
   *
   * @throws SignalsError, by situation: Unauthorised (401), Forbidden (403), Gone (404), Rejected (400, 422),
   * RateLimited (429), Unavailable (no answer), Unreadable (an answer that is no list of events).
   */
  listEvents(parameters: ListEventsParameters, deadlineMs: number): Promise<EventList>;
}

/** What a client is made of. */
export type SignalsClientOptions = {
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly clock: Clock;
  /** @default the global fetch */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Longest one attempt may take, body included. */
  readonly attemptTimeoutMs: number;
  /** @default 250 */
  readonly retryDelayMs?: number | undefined;
};

/** @throws TypeError when the token must not be sent to `baseUrl`. */
export function signalsClient(options: SignalsClientOptions): SignalsClient {
  const baseUrl = checkBaseUrl(options.baseUrl);
  const transport: Transport = {
    clock: options.clock,
    fetch: options.fetch ?? globalThis.fetch,
    attemptTimeoutMs: options.attemptTimeoutMs,
    retryDelayMs: options.retryDelayMs ?? RETRY_DELAY_MS_DEFAULT,
  };
  return {
    listEvents: async (parameters, deadlineMs) => {
      const path = eventsPath(parameters);
      const request = `GET ${path}`;
      const url = new URL(baseUrl + path);
      url.search = eventsQuery(parameters).toString();
      const { body, token } = await getAuthorised(transport, options.credentials, {
        url,
        request,
        deadlineMs,
      });
      const answer = readEventList(body);
      if (answer.kind === 'list') return answer.list;
      const excerpt = answer.said === undefined ? undefined : excerptOf(answer.said, token);
      throw new UnreadableError(`expected a list of events, got ${answer.found}`, {
        request,
        status: 200,
        excerpt,
      });
    },
  };
}

/** The body, and the token it was given for: a second one if the first was refused and there is a newer. */
async function getAuthorised(
  transport: Transport,
  credentials: Credentials,
  get: Omit<Get, 'token'>,
): Promise<{ readonly body: unknown; readonly token: string }> {
  const newestToken = () => readToken(credentials, get.request, get.deadlineMs - transport.clock.nowMs());
  const token = await newestToken();
  try {
    return { body: await getJson(transport, { ...get, token }), token };
  } catch (error) {
    if (!(error instanceof UnauthorisedError)) throw error;
    credentials.refused(token);
    const fresh = await newestToken().catch(() => token);
    if (fresh === token) throw error;
    return { body: await getJson(transport, { ...get, token: fresh }), token: fresh };
  }
}

function eventsPath({ client, app }: ListEventsParameters): string {
  // A segment of dots would climb out of the path, encoded or not.
  if (![client, app].every((id) => /^[\w-]{1,64}$/.test(id))) {
    const what = 'the client or app id is not made of 1 to 64 letters, digits, _ and -';
    throw new RejectedError(what, { request: 'GET /v1/clients/?/apps/?/events' });
  }
  return `/v1/clients/${encodeURIComponent(client)}/apps/${encodeURIComponent(app)}/events`;
}

function eventsQuery(parameters: ListEventsParameters): URLSearchParams {
  const fields = {
    date_from: parameters.dateFrom,
    date_to: parameters.dateTo,
    limit: String(parameters.limit),
    offset: String(parameters.offset),
    event_type: parameters.eventType,
    event_type_id: parameters.eventTypeId,
    ad_id: parameters.adId,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, value);
  return query;
}

async function readToken(credentials: Credentials, request: string, leftMs: number): Promise<string> {
  const token = await within(leftMs, () => credentials.token(), request).catch((error: unknown) => {
    if (error instanceof SignalsError) throw error;
    // Kept out of the cause: an error about a secret may quote it.
    const why = error instanceof Error ? maskText(error.message, undefined) : 'no reason given';
    throw new UnavailableError(`the credentials cannot be read (${why})`, { request }, false);
  });
  if (!isSendable(token)) throw new UnauthorisedError('the token cannot be sent in a header', { request });
  return token;
}

async function within<T>(leftMs: number, work: () => Promise<T>, request: string): Promise<T> {
  const signal = AbortSignal.timeout(Math.min(Math.max(0, Math.floor(leftMs) || 0), DELAY_MS_MAX));
  const tooLate = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new UnavailableError('the credentials were not there in time', { request }, false));
    });
  });
  return await Promise.race([work(), tooLate]);
}
