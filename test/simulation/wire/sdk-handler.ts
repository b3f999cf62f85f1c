import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SNSClient } from '@aws-sdk/client-sns';
import { abortMsOf } from './virtual-globals.ts';

/** A request as the SDK hands it to its HTTP handler. */
export type SdkRequest = { readonly headers: Readonly<Record<string, string>>; readonly body?: unknown };

export type SdkReply = { readonly status: number; readonly contentType: string; readonly body: string };

/** What comes back: a reply, a connection that broke, or nothing in time. */
export type SdkArrival =
  | { readonly kind: 'reply'; readonly reply: SdkReply }
  | { readonly kind: 'reset' }
  | { readonly kind: 'gave-up' };

/** Does one request. `giveUpMs`: how long the client waits for it. */
export type SdkWire = (request: SdkRequest, giveUpMs: number) => Promise<SdkArrival>;

type Timeouts = { readonly requestTimeout?: unknown; readonly throwOnRequestTimeout?: unknown };

/**
 * Puts a modelled wire under a real client: its serialisation, retries, errors and time-outs stay its own. A first
 * request is answered with `first` before, because a client reads its settings with that one.
 */
export async function clientOver(
  client: DynamoDBClient | SNSClient,
  wire: SdkWire,
  nowMs: () => number,
  first: SdkReply,
  sendFirst: () => Promise<unknown>,
): Promise<void> {
  const waitMs = waitOf(await timeoutsOf(client));
  let isFirst = true;
  const handle = async (request: SdkRequest, { abortSignal }: { abortSignal?: AbortSignal } = {}) => {
    if (isFirst) return { response: responseOf(first) };
    const abortInMs = abortMsOf(abortSignal) - nowMs();
    const arrival = await wire(request, Math.min(waitMs, abortInMs));
    if (arrival.kind === 'reply') return { response: responseOf(arrival.reply) };
    if (arrival.kind === 'reset') {
      throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
    }
    if (abortInMs < waitMs) throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
    throw Object.assign(new Error('the request timed out'), { name: 'TimeoutError', code: 'ETIMEDOUT' });
  };
  Object.assign(client.config, {
    // A signature costs more than all the rest of a request, and the modelled services look at none.
    signer: async () => ({ sign: async (request: unknown) => request }),
    requestHandler: {
      metadata: { handlerProtocol: 'http/1.1' },
      handle,
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
      destroy: () => undefined,
    },
  });
  await sendFirst();
  isFirst = false;
}

/** How long a client waits for an answer; one that only warns waits for ever. */
function waitOf({ requestTimeout, throwOnRequestTimeout }: Timeouts): number {
  const isBound = typeof requestTimeout === 'number' && requestTimeout > 0 && throwOnRequestTimeout === true;
  return isBound ? requestTimeout : Number.POSITIVE_INFINITY;
}

/** As the client's own handler was made with. */
async function timeoutsOf({ config }: DynamoDBClient | SNSClient): Promise<Timeouts> {
  const provided: unknown = await Reflect.get(config.requestHandler, 'configProvider');
  if (typeof provided !== 'object' || provided === null || !('requestTimeout' in provided)) {
    throw new Error('the SDK keeps its time-outs elsewhere now; bring sdk-handler.ts up to date');
  }
  return provided;
}

function responseOf({ status, contentType, body }: SdkReply) {
  return {
    statusCode: status,
    headers: { 'content-type': contentType },
    body: new TextEncoder().encode(body),
  };
}
