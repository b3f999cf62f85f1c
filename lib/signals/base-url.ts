import { isIPv4 } from 'node:net';

/**
 * The base URL of the API without a trailing slash: https, or http to this machine alone, with nothing in it but a
 * host and a path. The token is sent there.
 *
 * @throws TypeError for any other.
 */
export function checkBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isAllowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url === undefined || !isAllowed) {
    throw new TypeError(
      'expected an https URL, or http to a loopback address, as base URL of the Signals API',
    );
  }
  if (`${url.username}${url.password}${url.search}${url.hash}` !== '') {
    throw new TypeError('expected a base URL of the Signals API without user, query or fragment');
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'))
  );
}
