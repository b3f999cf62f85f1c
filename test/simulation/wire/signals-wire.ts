import type { FailureReason } from '../../../lib/domain/app-state.ts';
import type { History } from '../history.ts';
import { type ApiRecord, type ApiTraits, versionAt, wallDateMs } from '../history.ts';
import { type ApiWorld, apiWorld, type Trouble, toldLimit, toldTotal } from '../ports/api-world.ts';
import type { Life, Simulation } from '../simulation-state.ts';
import { contextOfCall } from './invocation-context.ts';
import {
  brokenResponse,
  coded,
  ERROR_BODIES,
  fetchFailure,
  htmlResponse,
  jsonResponse,
  ODD_WAITS,
  STATUS,
  tooLargeResponse,
  wireRecord,
} from './signals-replies.ts';
import { type EventsRequest, isWithin, parseEventsRequest, refusesBounds } from './signals-request.ts';
import { sendTrip, type Trip } from './trip.ts';
import { abortMsOf } from './virtual-globals.ts';

/** What the API really said, for who holds the adapter against it. */
export type ApiNote =
  | { readonly kind: 'list'; readonly rowCount: number }
  | {
      readonly kind: 'failed';
      /** What the situation is to be called. */
      readonly because: FailureReason;
      /** When it asked, in a form that says something, to be left alone until. */
      readonly untilMs: number | undefined;
    };

/** What comes over the connection, and what it means. */
type Reply = { readonly note: ApiNote; readonly come: () => Response };

/** Requests of that many rows are answered with too much at times; fewer never are. */
const LARGE_LIMIT = 1_000;

const CONNECTION_TROUBLES = ['wire-api-reset', 'wire-redirect'] as const;

const NO_ANSWER: ApiNote = { kind: 'failed', because: 'unavailable', untilMs: undefined };

export const TOKEN = 'simulated-token';

/** The Signals API behind `fetch`. */
export function signalsWire(
  simulation: Simulation,
  history: History,
): { readonly world: ApiWorld; readonly fetch: typeof fetch } {
  const { time, faults, random } = simulation;
  const world = apiWorld(simulation, history);

  async function send(url: URL, init: RequestInit): Promise<Response> {
    const { life, notes } = contextOfCall();
    const request = parseEventsRequest(url);
    if (request !== undefined) world.noteAsked(request.app);
    const sent = { kind: 'wire.GetEvents', about: `${url.pathname}${url.search}` } as const;
    const arrival = await sendTrip(simulation, life, sent, drawTrip(request, init), () =>
      authorised(init) ? answer(life, request) : said('unauthorised', undefined),
    );
    if (arrival.kind !== 'answer') {
      notes.push(NO_ANSWER);
      throw failureOf(arrival);
    }
    notes.push(arrival.answer.note);
    return arrival.answer.come();
  }

  function drawTrip(request: EventsRequest | undefined, { signal }: RequestInit): Trip {
    const thereMs = request === undefined ? 1 : world.answerMs(request.app);
    const giveUpMs = abortMsOf(signal) - time.nowMs();
    const fired = CONNECTION_TROUBLES.find((kind) => faults.fires(kind));
    return { thereMs, backMs: 1, giveUpMs, applied: 'now', trouble: fired };
  }

  function answer(life: Life, request: EventsRequest | undefined): Reply {
    if (request === undefined) return said('rejected', undefined);
    const traits = world.traitsOf(request.app);
    if (traits === undefined) return said('gone', undefined);
    const trouble = world.troubleOf(life, request.app);
    if (trouble !== undefined) return troubled(trouble);
    if (refusesBounds(request, traits, time.nowMs())) return said('rejected', undefined);
    return strangeAnswer(request) ?? listOf(request, traits);
  }

  /** Of something in front of the API, or of one that is not well. */
  function strangeAnswer({ limit }: EventsRequest): Reply | undefined {
    if (faults.fires('wire-html')) return foreign(random.pick([200, 400, 502]));
    if (faults.fires('wire-error-body')) return unreadable(jsonResponse(200, random.pick(ERROR_BODIES)));
    return limit === LARGE_LIMIT && faults.fires('wire-too-large')
      ? unreadable(tooLargeResponse())
      : undefined;
  }

  function troubled({ because, untilMs }: Trouble): Reply {
    if (because !== 'unreadable') return said(because, untilMs);
    return random.chance(0.5) ? foreign(200) : unreadable(jsonResponse(200, random.pick(ERROR_BODIES)));
  }

  /** A refusal, with a body that says so and, perhaps, when to come again. */
  function said(because: Trouble['because'], untilMs: number | undefined): Reply {
    const nowMs = time.nowMs();
    const status = STATUS[because];
    const isBusy = status === 429 || status === 503;
    const wait =
      untilMs === undefined ? oddWait(isBusy) : random.pick([inSeconds(untilMs - nowMs), httpDate(untilMs)]);
    const response = jsonResponse(status, JSON.stringify({ error: because }), {
      ...(wait !== undefined && { 'retry-after': wait.text }),
    });
    return { note: { kind: 'failed', because, untilMs: wait?.untilMs(nowMs) }, come: () => response };
  }

  function oddWait(isBusy: boolean) {
    if (!isBusy || !faults.fires('wire-odd-retry-after')) return undefined;
    return { text: random.pick(ODD_WAITS), untilMs: () => undefined };
  }

  function listOf(request: EventsRequest, traits: ApiTraits): Reply {
    const isIn = isWithin(request, traits);
    const { page, count } = world.select({
      app: request.app,
      isIn: (record) => isIn(wallDateMs(record, traits)),
      offset: request.offset,
      rowsMax: Math.min(traits.rowsMax, request.limit),
    });
    const text = JSON.stringify(bodyOf(page, traits, request, count));
    if (faults.fires('wire-body-cut')) {
      return unreadable(jsonResponse(200, text.slice(0, random.int(0, text.length - 1))));
    }
    if (faults.fires('wire-body-broken')) return brokenOff(text);
    return { note: { kind: 'list', rowCount: page.length }, come: () => jsonResponse(200, text) };
  }

  /** A part of the list comes, and then the connection breaks, or what came cannot be unpacked. */
  function brokenOff(text: string): Reply {
    const code = random.pick(['UND_ERR_SOCKET', 'Z_DATA_ERROR'] as const);
    const because = code === 'UND_ERR_SOCKET' ? 'unavailable' : 'unreadable';
    return failing(because, brokenResponse(text.slice(0, text.length >> 1), code));
  }

  function bodyOf(
    page: readonly ApiRecord[],
    traits: ApiTraits,
    request: EventsRequest,
    count: number,
  ): unknown {
    const data = page.map((record) => wireRecord(record, versionAt(record, time.nowMs()), traits));
    const totalCount = toldTotal(traits, count, page.length);
    const limit = toldLimit(traits, request.limit);
    if (totalCount === undefined && limit === undefined) return data;
    return { data, total_count: totalCount, offset: request.offset, limit };
  }

  return { world, fetch: (input, init = {}) => send(new URL(String(input)), init) };
}

/** As fetch fails. */
function failureOf(
  arrival: { readonly kind: 'gave-up' } | { readonly kind: 'trouble'; readonly trouble: string },
): Error {
  if (arrival.kind === 'gave-up') {
    return new DOMException('The operation was aborted due to timeout', 'TimeoutError');
  }
  if (arrival.trouble === 'wire-redirect') return fetchFailure(new Error('unexpected redirect'));
  return fetchFailure(coded('read ECONNRESET', 'ECONNRESET'));
}

function failing(because: FailureReason, response: Response): Reply {
  return { note: { kind: 'failed', because, untilMs: undefined }, come: () => response };
}

function unreadable(response: Response): Reply {
  return failing('unreadable', response);
}

/** A page for people: it comes from something in front of the API, and says nothing about the request. */
function foreign(status: number): Reply {
  return failing(status === 200 ? 'unreadable' : 'unavailable', htmlResponse(status));
}

function authorised({ headers }: RequestInit): boolean {
  return new Headers(headers).get('authorization') === `Bearer ${TOKEN}`;
}

function inSeconds(waitMs: number) {
  const seconds = Math.ceil(waitMs / 1000);
  return { text: String(seconds), untilMs: (nowMs: number) => nowMs + seconds * 1000 };
}

function httpDate(untilMs: number) {
  const atMs = Math.ceil(untilMs / 1000) * 1000;
  return { text: new Date(atMs).toUTCString(), untilMs: () => atMs };
}
