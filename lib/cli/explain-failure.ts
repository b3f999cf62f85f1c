import { CannotDoError } from './cannot-do.ts';
import type { Place } from './world.ts';

const NO_CREDENTIALS = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError']);
const STALE_CREDENTIALS = new Set([
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'UnrecognizedClientException',
]);
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
]);

/** What went wrong at the table as a sentence for a person; any other error as it is, for it is a mistake of ours. */
export function explainFailure(error: unknown, place: Place): unknown {
  const cause = rootOf(error);
  if (!(cause instanceof Error) || cause instanceof CannotDoError) return error;
  const sentence = sentenceFor(cause, place);
  return sentence === undefined ? error : new CannotDoError(sentence, { cause: error });
}

function sentenceFor(error: Error, { tableName, region, url }: Place): string | undefined {
  const table = `the table ${tableName} in ${region}`;
  if (NO_CREDENTIALS.has(error.name)) {
    return `expected AWS credentials, found none that can be used (${firstLine(error)}); sign in with the AWS CLI or set AWS_PROFILE, or give --local DIR for a local run`;
  }
  if (STALE_CREDENTIALS.has(error.name)) {
    return `expected AWS credentials that are valid, but they were refused (${error.name}); sign in again`;
  }
  if (error.name === 'AccessDeniedException') {
    return `expected access to ${table}, but these credentials may not use it (${firstLine(error)}); docs/deploy.md lists the permissions`;
  }
  if (error.name === 'ResourceNotFoundException') {
    return `expected ${table}, but it is not there; is stack.name in the file that of the deployed stack, and the region right (--region), and the account?`;
  }
  if (UNREACHABLE.has(codeOf(error))) {
    const where = url === undefined ? `DynamoDB in ${region}` : `the local run at ${url}`;
    return `expected an answer of ${where}, but it cannot be reached (${codeOf(error)}); the same command may be run again`;
  }
  if ('$metadata' in error) {
    return `${table} could not be used (${error.name}: ${firstLine(error)}); the same command may be run again`;
  }
  return undefined;
}

/** An outcome that was not learned tells the failed write as its cause. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error && !('$metadata' in error)
    ? rootOf(error.cause)
    : error;
}

function codeOf(error: Error): string {
  // One error per address that was tried.
  const tried: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return tried instanceof Error && 'code' in tried ? String(tried.code) : '';
}

function firstLine({ message }: Error): string {
  return message.split('\n')[0] ?? '';
}
