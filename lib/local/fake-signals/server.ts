import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { closeServer, listenOnLoopback, readBody } from '../loopback-http.ts';
import { type Api, answerApi, readEventsPath } from './api.ts';
import { answerControl, type Control } from './control.ts';
import { createFaults, type Fault, type FaultInput, type Faults } from './faults.ts';
import type { FirstMatch } from './first-match.ts';
import { type Injected, type Injection, injectEvent } from './inject.ts';
import { createRandom, seedOf } from './random.ts';
import { jsonReply, type Reply, sendHalfReply, sendReply } from './reply.ts';
import { createTraffic, type Traffic } from './traffic.ts';
import type { FakeApp } from './wire-event.ts';
import { openWorld, type StoredEvent } from './world.ts';

const BODY_BYTES_MAX = 65_536;
const MATCHING_DELAY_MS = 3_000;

/** How to start the fake server. */
export type FakeSignalsOptions = {
  readonly apps: readonly FakeApp[];
  /** What clients must send as their Bearer token. */
  readonly token: string;
  /** 0: any free port. A busy port: the next free one of twenty. */
  readonly port: number;
  /** Where `events.jsonl` keeps the world; without it the world is gone with the process. */
  readonly directory?: string | undefined;
  /** The same seed, apps and clock give the same world. @default the time of start */
  readonly seed?: number | undefined;
  readonly now: () => number;
  /** From an app's first poll to its first matching event; every further app takes five seconds more. @default 3000 */
  readonly matchingDelayMs?: number | undefined;
  /** What the first matching events are. @default the documented keyword, in any app */
  readonly firstMatch?: FirstMatch | undefined;
  /** False: nothing happens but what is injected. @default true */
  readonly traffic?: boolean | undefined;
};

/** A running fake server. */
export type FakeSignals = {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** The port taken, which need not be the one asked for. */
  readonly port: number;
  readonly token: string;
  /** Adds an event. @throws InjectionError */
  inject(injection?: Injection): Injected;
  /** Newest first, of all apps, as of now. */
  events(): readonly StoredEvent[];
  /** Orders a fault for the next requests for events. */
  fault(fault: FaultInput): void;
  close(): Promise<void>;
};

/** Starts a server on 127.0.0.1 that answers like the events endpoint of the Signals API. */
export async function startFakeSignals(options: FakeSignalsOptions): Promise<FakeSignals> {
  const { now, token } = options;
  const apps = atLeastOne(options.apps);
  const seed = options.seed ?? now();
  const world = openWorld(options.directory);
  const matchingDelayMs = options.matchingDelayMs ?? MATCHING_DELAY_MS;
  const firstMatch = options.firstMatch ?? {};
  const traffic: Traffic | undefined =
    options.traffic === false
      ? undefined
      : createTraffic(world, { apps, seed, startMs: now(), matchingDelayMs, firstMatch });
  const random = createRandom(seedOf(seed, 'injected', world.events().length));
  const faults = createFaults();
  const closing = new AbortController();

  const control: Control = {
    inject: (input) => injectEvent({ world, apps, random, nowMs: now() }, input),
    events: () => {
      traffic?.advance(now());
      return world.events();
    },
    addFault: faults.add,
  };
  const api: Api = {
    world,
    apps,
    token,
    onPoll: (app) => {
      traffic?.advance(now());
      traffic?.polled(app, now());
    },
  };

  const server = createServer((request, response) => {
    answer({ api, control, faults, closing: closing.signal }, request, response).catch((error: unknown) => {
      if (closing.signal.aborted || response.headersSent) response.destroy();
      else sendReply(response, jsonReply(500, { detail: String(error) }));
    });
  });
  const port = await listenOnLoopback(server, options.port);

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    token,
    inject: (injection = {}) => control.inject(injection),
    events: control.events,
    fault: faults.add,
    close: async () => {
      closing.abort();
      await closeServer(server);
      world.close();
    },
  };
}

type Parts = {
  readonly api: Api;
  readonly control: Control;
  readonly faults: Faults;
  readonly closing: AbortSignal;
};

async function answer(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request, BODY_BYTES_MAX);
  if (body === undefined)
    return sendReply(response, jsonReply(413, { detail: `expected at most ${BODY_BYTES_MAX} bytes` }));
  const method = request.method ?? 'GET';
  const url = URL.parse(request.url ?? '/', 'http://127.0.0.1');
  if (url === null) return sendReply(response, jsonReply(400, { detail: 'not a URL' }));
  if (url.pathname.startsWith('/local/')) {
    return sendReply(response, answerControl(parts.control, method, url.pathname, body));
  }

  const app = readEventsPath(url.pathname)?.app;
  const fault = app === undefined ? undefined : parts.faults.take(app);
  const plain = () => answerApi(parts.api, { method, url, authorization: request.headers.authorization });
  if (fault === undefined) return sendReply(response, plain());
  return answerFaulty(fault, plain, response, parts.closing);
}

async function answerFaulty(
  fault: Fault,
  plain: () => Reply,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
  switch (fault.kind) {
    case 'status':
      return sendReply(response, jsonReply(fault.status ?? 503, { detail: 'ordered fault' }, headers));
    case 'html':
      return sendReply(response, {
        status: fault.status ?? 502,
        headers: { 'content-type': 'text/html', ...headers },
        body: '<html><body><h1>Bad Gateway</h1></body></html>',
      });
    case 'truncate':
      return sendHalfReply(response, plain());
    case 'slow':
      await wait(fault.delayMs, undefined, { signal: closing });
      return sendReply(response, plain());
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
  }
}

function atLeastOne(apps: readonly FakeApp[]): readonly [FakeApp, ...FakeApp[]] {
  const [first, ...rest] = apps;
  if (first === undefined) throw new Error('expected at least one app, got none');
  return [first, ...rest];
}
