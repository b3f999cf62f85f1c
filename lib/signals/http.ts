import pRetry from 'p-retry';
import type { Clock } from '../ports/clock.ts';
import { parseJson, readText } from './body.ts';
import {
  ForbiddenError,
  GoneError,
  RateLimitedError,
  RejectedError,
  type RequestFacts,
  SignalsError,
  UnauthorisedError,
  UnavailableError,
  UnreadableError,
} from './errors.ts';
import { excerptOf } from './mask.ts';
import { parseRetryAfter } from './retry-after.ts';

/** Most bytes of an answer that are read, decompressed: some ten times the largest page of events. */
export const BODY_BYTES_MAX = 8 * 1024 * 1024;

const ERROR_BODY_BYTES_MAX = 4096;
const CHECK_TOKEN = 'check the token (SIGNALS_TOKEN, or the secret)';
const CHECK_APP = 'check client and app in alerts.yaml';
const EXTRA_ATTEMPTS_MAX = 2;
const ATTEMPT_TIMEOUT_MS_DEFAULT = 10_000;
const ATTEMPT_TIMEOUT_MS_MAX = 60_000;

/** What every request needs of its surroundings. */
export type Transport = {
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  /** Longest one attempt may take, body included. What is no time-out counts as 10 s. */
  readonly attemptTimeoutMs: number;
  /** Wait before the first repetition, up to doubled by chance; the next waits twice as long. */
  readonly retryDelayMs: number;
};

/** One GET. */
export type Get = {
  readonly url: URL;
  /** Method and path, as errors name it. */
  readonly request: string;
  readonly token: string;
  /** No attempt starts, and none goes on, after this. */
  readonly deadlineMs: number;
};

/**
 * The JSON a GET answers. What a moment may heal is tried again, at most twice and only before the deadline;
 * a redirect is never followed, because the token would go with it.
 *
 * @throws SignalsError for whatever the other side does.
 */
export async function getJson(transport: Transport, get: Get): Promise<unknown> {
  return await pRetry(async () => await attempt(transport, get), {
    retries: EXTRA_ATTEMPTS_MAX,
    minTimeout: transport.retryDelayMs,
    randomize: true,
    shouldRetry: ({ error, retryDelay }) =>
      error instanceof UnavailableError &&
      error.isMomentary &&
      transport.clock.nowMs() + retryDelay < get.deadlineMs,
  });
}

async function attempt(transport: Transport, get: Get): Promise<unknown> {
  const timeoutMs = timeoutOf(transport, get.deadlineMs);
  if (timeoutMs === undefined) {
    throw new UnavailableError('no time was left to ask', { request: get.request }, false);
  }
  try {
    const response = await transport.fetch(get.url, {
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${get.token}`,
        'user-agent': 'signals-alerts',
      },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status === 200) return await readAnswer(response, get);
    throw await refusal(response, get, transport.clock.nowMs());
  } catch (error) {
    throw translate(error, get.request, timeoutMs);
  }
}

/** Undefined when less than a millisecond is left. */
function timeoutOf({ attemptTimeoutMs, clock }: Transport, deadlineMs: number): number | undefined {
  const wantedMs =
    Number.isFinite(attemptTimeoutMs) && attemptTimeoutMs >= 1
      ? Math.min(attemptTimeoutMs, ATTEMPT_TIMEOUT_MS_MAX)
      : ATTEMPT_TIMEOUT_MS_DEFAULT;
  const timeoutMs = Math.floor(Math.min(wantedMs, deadlineMs - clock.nowMs()));
  return timeoutMs >= 1 ? timeoutMs : undefined;
}

async function readAnswer(response: Response, get: Get): Promise<unknown> {
  const facts = { request: get.request, status: response.status };
  const { text, isCut } = await readText(response, BODY_BYTES_MAX);
  if (isCut) throw new UnreadableError(`the answer is longer than ${BODY_BYTES_MAX} bytes`, facts, true);
  const json = parseJson(text);
  if (json.kind === 'json') return json.value;
  // What began as JSON may be a list of leads: nothing of it is shown.
  const isForeign = !/^\s*[[{"]/.test(text);
  const excerpt = isForeign ? excerptOf(text.slice(0, ERROR_BODY_BYTES_MAX), get.token) : undefined;
  throw new UnreadableError(`the answer of ${text.length} characters is not JSON or is cut off`, {
    ...facts,
    excerpt,
  });
}

async function refusal(response: Response, get: Get, nowMs: number): Promise<SignalsError> {
  const { status } = response;
  const facts: RequestFacts = {
    request: get.request,
    status,
    excerpt: await readExcerpt(response, get.token),
    retryAtMs: parseRetryAfter(response.headers.get('retry-after'), nowMs),
  };
  if (status === 401)
    return new UnauthorisedError('the token is not accepted', { ...facts, advice: CHECK_TOKEN });
  if (status === 403)
    return new ForbiddenError('the token may not read this', { ...facts, advice: CHECK_TOKEN });
  if (status === 404 || status === 410)
    return new GoneError('the API does not know this path', { ...facts, advice: CHECK_APP });
  if (status === 429) return new RateLimitedError('asked too often', facts);
  if (status === 400 || status === 422) {
    // A page for people comes from something in front of the API, which says nothing about the parameters.
    return response.headers.get('content-type')?.includes('html')
      ? new UnavailableError('something in front of the API answers', facts, false)
      : new RejectedError('the API refuses a parameter', facts);
  }
  if (status < 300) return new UnreadableError('the API answers without a whole body', facts);
  // An API that says when to come back is not asked before that.
  const isMomentary = (status >= 500 || status === 408) && facts.retryAtMs === undefined;
  return new UnavailableError('the API cannot answer', facts, isMomentary);
}

/** The status tells enough: a body that hangs or breaks off must not hide it. */
async function readExcerpt(response: Response, token: string): Promise<string | undefined> {
  try {
    const { text, isCut } = await readText(response, ERROR_BODY_BYTES_MAX);
    // The cut may have left half a token, which would not be recognised as one.
    return excerptOf(isCut ? text.replace(/\S+$/, '') : text, token);
  } catch {
    return undefined;
  }
}

function translate(error: unknown, request: string, timeoutMs: number): unknown {
  if (error instanceof SignalsError) return error;
  const facts = { request, cause: error };
  const cause = error instanceof Error ? error.cause : undefined;
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new UnavailableError(`no whole answer within ${timeoutMs} ms`, facts, true);
  }
  if (cause instanceof Error && cause.message.includes('redirect')) {
    return new UnavailableError('the API redirects, which is not followed', facts, false);
  }
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no reason given';
  if (code.startsWith('Z_')) return new UnreadableError(`the answer cannot be unpacked (${code})`, facts);
  return new UnavailableError(`the connection failed (${code})`, facts, true);
}
