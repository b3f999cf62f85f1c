import type { SdkReply } from './sdk-handler.ts';

/** Codes that SNS answers a Publish with, and their status. */
export const ERRORS = {
  InvalidParameter: 400,
  Throttling: 400,
  KMSThrottling: 400,
  KMSDisabled: 400,
  KMSAccessDenied: 400,
  KMSInvalidState: 400,
  KMSOptInRequired: 403,
  AuthorizationError: 403,
  ExpiredToken: 403,
  NotFound: 404,
  Throttled: 429,
  InternalError: 500,
} as const;

export type ErrorCode = keyof typeof ERRORS;

const NAMESPACE = 'xmlns="http://sns.amazonaws.com/doc/2010-03-31/"';
const METADATA = '<RequestId>00000000-0000-0000-0000-000000000000</RequestId>';

/** Without an id: what should not happen, and then nobody knows. */
export function acceptance(messageId: string | undefined): SdkReply {
  const id = messageId === undefined ? '' : `<MessageId>${messageId}</MessageId>`;
  const result = `<PublishResult>${id}</PublishResult><ResponseMetadata>${METADATA}</ResponseMetadata>`;
  return xml(200, `<PublishResponse ${NAMESPACE}>${result}</PublishResponse>`);
}

export function refusal(code: ErrorCode): SdkReply {
  const type = ERRORS[code] >= 500 ? 'Receiver' : 'Sender';
  const error = `<Error><Type>${type}</Type><Code>${code}</Code><Message>modelled: ${code}</Message></Error>`;
  return xml(ERRORS[code], `<ErrorResponse ${NAMESPACE}>${error}${METADATA}</ErrorResponse>`);
}

function xml(status: number, body: string): SdkReply {
  return { status, contentType: 'text/xml', body };
}
