import { createHash, timingSafeEqual } from 'node:crypto';
import { parseEventQuery, selectPage } from './query.ts';
import { jsonReply, type Reply } from './reply.ts';
import type { FakeApp } from './wire-event.ts';
import type { World } from './world.ts';

const EVENTS_PATH = /^\/v1\/clients\/([^/]+)\/apps\/([^/]+)\/events$/;

/** What of a request decides the answer. */
export type ApiRequest = {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
};

/** What the fake API answers from; `onPoll` is told of every request that gets events, before they are looked up. */
export type Api = {
  readonly world: World;
  readonly apps: readonly FakeApp[];
  readonly token: string;
  readonly onPoll: (app: FakeApp) => void;
};

/** The client and app a path asks the events of, decoded; undefined for any other path. */
export function readEventsPath(path: string): { readonly client: string; readonly app: string } | undefined {
  const [, client, app] = EVENTS_PATH.exec(path) ?? [];
  if (client === undefined || app === undefined) return undefined;
  try {
    return { client: decodeURIComponent(client), app: decodeURIComponent(app) };
  } catch {
    return undefined;
  }
}

/** Answers as the documented API does; where the reference is silent, as a FastAPI service would. */
export function answerApi(api: Api, request: ApiRequest): Reply {
  const asked = readEventsPath(request.url.pathname);
  if (asked === undefined) return jsonReply(404, { detail: 'Not Found' });
  if (request.method !== 'GET') return jsonReply(405, { detail: 'Method Not Allowed' }, { allow: 'GET' });
  if (!isAuthorized(request.authorization, api.token)) {
    return jsonReply(401, { detail: 'Not authenticated' }, { 'www-authenticate': 'Bearer' });
  }
  const app = api.apps.find((known) => known.client === asked.client && known.app === asked.app);
  if (app === undefined) return jsonReply(404, { detail: 'App not found' });

  const parsed = parseEventQuery(request.url.searchParams);
  if (parsed.kind === 'invalid') return jsonReply(422, { detail: parsed.mistakes });
  api.onPoll(app);
  return jsonReply(200, selectPage(api.world.eventsOf(app.client, app.app), parsed.query));
}

function isAuthorized(header: string | undefined, token: string): boolean {
  const given = /^bearer +(\S+)$/i.exec(header ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
