import { type Cloud, REGION } from './ministack.ts';

const REQUEST_TIMEOUT_MS = 30_000;

/** Posts to a service there is no client for, and returns the answer. @throws Error unless it is a success. */
export async function requestUnsigned(
  { endpoint }: Cloud,
  service: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Promise<string> {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  const scope = `local/${day}/${REGION}/${service}/aws4_request`;
  const response = await fetch(endpoint, {
    method: 'POST',
    // Nobody checks the signature; service and region are read out of its scope.
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
      ...headers,
    },
    body,
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${service}: expected success, got ${response.status} ${text}`);
  return text;
}
