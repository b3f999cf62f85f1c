import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export type LedgerClientOptions = {
  readonly region: string;
  /** Of a local server; undefined: the region's own. */
  readonly endpoint?: string | undefined;
  /** For a local server; undefined: the credentials of the process. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
};

const CONNECTION_TIMEOUT_MS = 1000;
const REQUEST_TIMEOUT_MS = 3000;
const ATTEMPTS_MAX = 3;

/** A client whose every call ends within about ten seconds: well inside the deadline of one app. */
export function ledgerClient({ region, endpoint, credentials }: LedgerClientOptions): DynamoDBClient {
  return new DynamoDBClient({
    region,
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      // Without it an overdue request is only logged about, and waits on.
      throwOnRequestTimeout: true,
      // The request time-out ends with the first byte of the answer; this bounds the rest of it.
      socketTimeout: REQUEST_TIMEOUT_MS,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
}
