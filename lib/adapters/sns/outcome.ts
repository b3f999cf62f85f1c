import type { PublishOutcome } from '../../ports/publisher.ts';

type NotAccepted = Exclude<PublishOutcome, { readonly kind: 'accepted' }>;

/** What can be read off anything thrown. */
type Failure = {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly isBeforeSending: boolean;
};

/** The message itself is at fault: the same one is refused again. */
const BAD_MESSAGE =
  /^(?:InvalidParameter|InvalidParameterValue|ParameterValueInvalid|Validation(?:Error)?)(?:Exception)?$/u;

/** Refused for what lies around the message; it heals when that does. */
const BAD_SURROUNDINGS =
  /^(?:Throttl\w*|TooManyRequests\w*|RequestLimitExceeded|KMS\w+|NotFound\w*|TopicNotFound\w*|InvalidTopic\w*|AuthorizationError\w*|AccessDenied\w*|OptInRequired|SubscriptionRequiredException|ExpiredToken\w*|InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClient\w*|MissingAuthentication\w*|IncompleteSignature\w*|SignatureDoesNotMatch|InvalidSignature\w*|RequestExpired|RequestTimeTooSkewed|NotAuthorized\w*|EndpointDisabled\w*|InvalidSecurity\w*|InvalidState\w*)$/u;

/** No request leaves without credentials. */
const NO_CREDENTIALS = /^(?:CredentialsProviderError|TokenProviderError|ProviderError)$/u;

/** A name that says something and cannot hold a number or an address. */
const TELLING_NAME = /^(?!(?:Error|Unknown|UnknownError)$)[A-Za-z_]{3,40}$/u;

const NEVER_CONNECTED_CODES = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);
const NEVER_CONNECTED_MESSAGE = /did not establish a connection/u;

/** What an error of the SDK says about the message: refused only where it surely was not taken, otherwise unknown. */
export function outcomeOfError(error: unknown): NotAccepted {
  const failure = readFailure(error);
  const because = explain(failure);
  const { name, status } = failure;
  if (status === undefined) {
    const isUnsent = failure.isBeforeSending || NO_CREDENTIALS.test(name);
    return isUnsent ? { kind: 'refused', heals: true, because } : { kind: 'unknown', because };
  }
  if (status < 400 || status > 499) return { kind: 'unknown', because };
  if (BAD_MESSAGE.test(name)) {
    // A wrong topic address is mended by a deployment, not by another text.
    return { kind: 'refused', heals: /\b(?:TopicArn|TargetArn)\b/u.test(failure.message), because };
  }
  return BAD_SURROUNDINGS.test(name)
    ? { kind: 'refused', heals: true, because }
    : { kind: 'unknown', because };
}

function readFailure(error: unknown): Failure {
  const name = textOf(error, 'name') ?? '';
  const message = textOf(error, 'message') ?? '';
  const code = textOf(error, 'code');
  const metadata = fieldOf(error, '$metadata');
  const status = fieldOf(metadata, 'httpStatusCode');
  return {
    name,
    message,
    code,
    status: typeof status === 'number' ? status : undefined,
    isBeforeSending: isBeforeSending(error),
  };
}

function isBeforeSending(error: unknown): boolean {
  // One error per address that was tried.
  const attempts = fieldOf(error, 'errors');
  if (Array.isArray(attempts) && attempts.length > 0) return attempts.every(isBeforeSending);
  const syscall = textOf(error, 'syscall');
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
  if (NEVER_CONNECTED_CODES.has(textOf(error, 'code') ?? '')) return true;
  return NEVER_CONNECTED_MESSAGE.test(textOf(error, 'message') ?? '');
}

/** Names only: the messages of the service hold account numbers and topic addresses. */
function explain({ name, code, status }: Failure): string {
  const known = [code, name].find((text) => text !== undefined && TELLING_NAME.test(text));
  const what = known ?? 'not understood';
  return status === undefined || status < 500 ? what : `${what}, server error`;
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function textOf(value: unknown, key: string): string | undefined {
  const text = fieldOf(value, key);
  return typeof text === 'string' ? text : undefined;
}
