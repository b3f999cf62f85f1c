import * as z from 'zod';
import { type Injected, InjectionError } from './inject.ts';
import { jsonReply, type Reply } from './reply.ts';
import type { StoredEvent } from './world.ts';

/** What the control paths reach: the world and its faults, which no client of the API can touch. */
export type Control = {
  inject(input: unknown): Injected;
  events(): readonly StoredEvent[];
  addFault(input: unknown): void;
};

/**
 * Answers the paths under /local: they are no part of the Signals API, need no token and serve people and tests.
 * `POST /local/events` adds an event, `GET /local/events` shows all, `POST /local/faults` orders a fault.
 */
export function answerControl(control: Control, method: string, path: string, body: string): Reply {
  const route = `${method} ${path}`;
  try {
    if (route === 'GET /local/events') return jsonReply(200, { data: control.events() });
    if (route === 'POST /local/events') return jsonReply(201, control.inject(parseJson(body)));
    if (route === 'POST /local/faults') {
      control.addFault(parseJson(body));
      return jsonReply(201, { success: true });
    }
    return jsonReply(404, { detail: `no ${route}; there is GET and POST /local/events, POST /local/faults` });
  } catch (error) {
    if (error instanceof InjectionError) return jsonReply(400, { detail: error.message });
    if (error instanceof z.ZodError) return jsonReply(400, { detail: z.prettifyError(error) });
    throw error;
  }
}

/** Whatever the content type says: `curl -d` calls JSON a form. */
function parseJson(body: string): unknown {
  if (body.trim() === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    throw new InjectionError(
      'the body is not JSON; expected an object such as {"text":"I\'m ready to order"}',
    );
  }
}
