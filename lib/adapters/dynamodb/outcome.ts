import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { formatKey, type RowKey } from '../../domain/ledger-row.ts';

/** How a conditional write ended, as far as its answer can tell. */
export type Attempt<T> =
  | { readonly kind: 'done'; readonly output: T }
  /** The condition failed, perhaps on this very write's own earlier attempt; or no answer was learned. */
  | { readonly kind: 'unsettled'; readonly error: unknown };

const REFUSALS: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidSignatureException',
  'ItemCollectionSizeLimitExceededException',
  'MissingAuthenticationToken',
  'ResourceNotFoundException',
  'SerializationException',
  'UnrecognizedClientException',
  'ValidationException',
]);

/** @throws what the service refused for good, and what was never sent: neither needs a look at the table. */
export async function attempt<T>(send: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { kind: 'done', output: await send() };
  } catch (error) {
    if (isRefusal(error)) throw error;
    return { kind: 'unsettled', error };
  }
}

/** The outcome of `write` is what `read` finds; when that fails too, nobody knows it. */
export async function settle<T>(key: RowKey, write: unknown, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const told = `${String(write)}; then, on reading it, ${String(error)}`;
    throw new Error(`whether ${formatKey(key)} was written is not known: ${told}`, { cause: write });
  }
}

/** True when a write's condition did not hold at its last attempt. */
export function isConditionFailure(error: unknown): boolean {
  return error instanceof ConditionalCheckFailedException;
}

function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // The SDK notes its attempts on what fails after the request was built: without the note nothing was sent.
  return !('$metadata' in error) || REFUSALS.has(error.name);
}
