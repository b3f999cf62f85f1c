import { SNSClient, type SNSClientConfig } from '@aws-sdk/client-sns';

const CONNECT_MS = 1000;
const REQUEST_MS = 4000;

/**
 * A client that makes one attempt and ends it soon. The SDK would silently send a Publish again after a reset or a
 * 5xx, although the first may have been taken: every repeat belongs to the ledger, which records it.
 */
export function publisherClient(
  options: Pick<SNSClientConfig, 'region' | 'endpoint' | 'credentials'>,
): SNSClient {
  return new SNSClient({
    ...options,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      socketTimeout: REQUEST_MS,
      // Without it the SDK only warns when the time is over.
      throwOnRequestTimeout: true,
    },
  });
}
