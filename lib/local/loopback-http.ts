import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CannotStartError } from './cannot-start.ts';

const PORTS_TRIED_MAX = 21;
const PORT_MAX = 65_535;

/** Listens on 127.0.0.1, on `port` or the first free one of the twenty after it; returns the port taken (0: any). */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  const last = port === 0 ? 0 : Math.min(port + PORTS_TRIED_MAX - 1, PORT_MAX);
  for (let candidate = port; candidate <= last; candidate += 1) {
    if (await tryListen(server, candidate)) return portOf(server);
  }
  throw new CannotStartError(
    `ports ${port} to ${last} on 127.0.0.1 are all taken; free one or name another port`,
  );
}

async function tryListen(server: Server, port: number): Promise<boolean> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address, got none');
  return address.port;
}

/** Stops listening and cuts what is still connected; resolves once the port is free again. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** The request's body as UTF-8, or undefined when it is longer than `bytesMax` (the rest is read and dropped). */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= bytesMax) chunks.push(bytes);
  }
  return size <= bytesMax ? Buffer.concat(chunks).toString('utf8') : undefined;
}
