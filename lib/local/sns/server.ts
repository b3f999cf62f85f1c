import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { closeServer, listenOnLoopback, readBody } from '../loopback-http.ts';
import { createSnsFaults, type SnsFaults, type TakenFaults } from './faults.ts';
import { type Form, parseForm } from './form.ts';
import { type Inbox, openInbox } from './inbox.ts';
import { publish, publishBatch, publishTarget } from './publish-actions.ts';
import { Refusal } from './refusal.ts';
import type { Service } from './service.ts';
import {
  createTopic,
  deleteTopic,
  getTopicAttributes,
  listSubscriptionsByTopic,
  listTopics,
  subscribe,
} from './topic-actions.ts';
import { openTopics } from './topics.ts';
import { actionResponse, errorResponse, type Xml } from './xml.ts';

// Form encoding triples a byte at worst; above that, no message could be within its limit.
const BODY_BYTES_MAX = 4 * 1_048_576;

type Action = (service: Service, form: Form) => readonly Xml[] | undefined;

const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['CreateTopic', createTopic],
  ['DeleteTopic', deleteTopic],
  ['GetTopicAttributes', getTopicAttributes],
  ['ListSubscriptionsByTopic', listSubscriptionsByTopic],
  ['ListTopics', listTopics],
  ['Publish', publish],
  ['PublishBatch', publishBatch],
  ['Subscribe', subscribe],
]);

/** How to start the endpoint. */
export type SnsEndpointOptions = {
  /** 0: any free port. A busy port: the next free one of twenty. */
  readonly port: number;
  /** The region of its ARNs. */
  readonly region: string;
  /** Where `inbox.jsonl` and `topics.jsonl` are kept; without it everything is gone with the process. */
  readonly directory?: string | undefined;
  readonly now: () => number;
};

/** A running endpoint. */
export type SnsEndpoint = {
  /** For the SDK's `endpoint`. */
  readonly url: string;
  /** The port taken, which need not be the one asked for. */
  readonly port: number;
  readonly inbox: Inbox;
  readonly faults: SnsFaults;
  close(): Promise<void>;
};

/**
 * Starts an SNS on 127.0.0.1 that refuses what SNS refuses and delivers e-mail and SMS into inboxes; signatures are
 * asked for but not verified. fauxqs was considered: it delivers only to SQS and accepts much of what SNS refuses, so
 * most of it would have to be fenced off.
 */
export async function startSnsEndpoint(options: SnsEndpointOptions): Promise<SnsEndpoint> {
  const topics = openTopics(options.directory);
  const inbox = openInbox(options.directory);
  const faults = createSnsFaults();
  const closing = new AbortController();
  const service: Service = { region: options.region, topics, inbox, now: options.now };

  const server = createServer((request, response) => {
    const requestId = randomUUID();
    answer({ service, faults, closing: closing.signal }, request, response, requestId).catch(
      (error: unknown) => {
        if (response.headersSent || closing.signal.aborted) response.destroy();
        else send(response, asRefusal(error).status, errorResponse(asRefusal(error), requestId));
      },
    );
  });
  const port = await listenOnLoopback(server, options.port);

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    inbox,
    faults,
    close: async () => {
      closing.abort();
      await closeServer(server);
      topics.close();
      inbox.close();
    },
  };
}

type Parts = { readonly service: Service; readonly faults: TakenFaults; readonly closing: AbortSignal };

async function answer(
  parts: Parts,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  const form = await readForm(request);
  const name = form.get('Action') ?? '';
  const action = ACTIONS.get(name);
  if (action === undefined)
    throw new Refusal('InvalidAction', 400, `${name || 'no action'} is not offered here`);

  const fault = name.startsWith('Publish') ? parts.faults.take(publishTarget(form)) : undefined;
  if (fault?.kind === 'refuse') throw new Refusal(fault.code, fault.status, 'ordered refusal');
  if (fault?.kind === 'unknown' && !fault.delivers) return drop(response);
  if (fault?.kind === 'slow') await wait(fault.delayMs, undefined, { signal: parts.closing });

  const result = action(parts.service, form);
  if (fault?.kind === 'unknown') return drop(response);
  send(response, 200, actionResponse(name, result, requestId));
}

async function readForm(request: IncomingMessage): Promise<Form> {
  const body = await readBody(request, BODY_BYTES_MAX);
  if (body === undefined)
    throw new Refusal('RequestEntityTooLarge', 413, `expected at most ${BODY_BYTES_MAX} bytes`);
  // Besides being what SNS answers, this keeps out web pages that post to local ports.
  if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) {
    throw new Refusal('MissingAuthenticationToken', 403, 'Request is missing Authentication Token');
  }
  if (request.method !== 'POST') throw new Refusal('InvalidAction', 400, 'expected a POST');
  return parseForm(body);
}

function asRefusal(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal('InternalError', 500, String(error));
}

function send(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(xml) });
  response.end(xml);
}

function drop(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}
