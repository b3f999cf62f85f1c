import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalServer } from './local-table.ts';

export type Body = Readonly<Record<string, unknown>>;

/** What happens to one request on its way to the table and back. */
export type Fault =
  | { readonly kind: 'pass' }
  | { readonly kind: 'late'; readonly delayMs: number }
  /** The table does its part; the caller gets no answer, a late one, or an error. */
  | { readonly kind: 'applied'; readonly ends: 'drop' | 'hang' | 'stall' | '500' }
  /** The table never hears of it. */
  | {
      readonly kind: 'lost';
      readonly ends: 'drop' | '500' | 'throttle' | 'throttling' | 'validation' | 'denied';
    }
  /** The table is asked something else, and its answer is changed. */
  | {
      readonly kind: 'rewrite';
      readonly request: (body: Body) => Body;
      readonly answer: (answer: Body, request: Body) => Body;
    };

export type FaultyProxy = LocalServer & {
  /** Faults of the next requests of an operation, in turn; afterwards they pass. */
  inject(operation: string, faults: readonly Fault[]): void;
  /** Every request so far, in turn. */
  readonly requests: readonly { readonly operation: string; readonly body: Body }[];
};

const ERRORS = {
  '500': [500, 'com.amazonaws.dynamodb.v20120810#InternalServerError'],
  throttle: [400, 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException'],
  throttling: [400, 'com.amazon.coral.availability#ThrottlingException'],
  validation: [400, 'com.amazon.coral.validate#ValidationException'],
  denied: [400, 'com.amazon.coral.service#AccessDeniedException'],
} as const;

/** A table server that misbehaves on demand, or as `choose` has it, in front of one that does not. */
export async function startFaultyProxy(
  upstream: string,
  choose: (operation: string) => Fault = () => ({ kind: 'pass' }),
): Promise<FaultyProxy> {
  const pending = new Map<string, Fault[]>();
  const requests: { operation: string; body: Body }[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const body: Body = JSON.parse(await text(request));
    requests.push({ operation, body });
    const fault = pending.get(operation)?.shift() ?? choose(operation);

    if (fault.kind === 'lost') return fail(response, fault.ends);
    if (fault.kind === 'late') await delay(fault.delayMs);
    const asked = fault.kind === 'rewrite' ? fault.request(body) : body;
    const upstreamAnswer = await forward(upstream, request, asked);
    if (fault.kind === 'applied') return fail(response, fault.ends);
    const answer = fault.kind === 'rewrite' ? fault.answer(upstreamAnswer.body, body) : upstreamAnswer.body;
    send(response, upstreamAnswer.status, answer);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    inject: (operation, faults) => {
      pending.set(operation, [...faults]);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function forward(upstream: string, request: IncomingMessage, body: Body) {
  const headers = Object.entries(request.headers).filter(([name]) =>
    /^(x-amz-|content-type|authorization)/.test(name),
  );
  const answer = await fetch(upstream, {
    method: 'POST',
    headers: headers.map(([name, value]) => [name, String(value)]),
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Body };
}

function fail(response: ServerResponse, how: 'drop' | 'hang' | 'stall' | keyof typeof ERRORS): void {
  if (how === 'hang') return;
  if (how === 'stall') {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.write('{');
    return;
  }
  if (how === 'drop') {
    response.socket?.destroy();
    return;
  }
  const [status, type] = ERRORS[how];
  send(response, status, { __type: type, message: `injected: ${how}` });
}

function send(response: ServerResponse, status: number, body: Body): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(body));
}
