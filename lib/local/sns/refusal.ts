/** What the service answers when it refuses: the wire's error code, which names the SDK's exception, and its status. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** The refusal for everything a caller may not say. */
export function invalidParameter(reason: string): Refusal {
  return new Refusal('InvalidParameter', 400, `Invalid parameter: ${reason}`);
}

/** The refusal for what is wrong with a message attribute. */
export function invalidAttribute(name: string, reason: string): Refusal {
  return new Refusal('ParameterValueInvalid', 400, `The message attribute ${JSON.stringify(name)} ${reason}`);
}

/** The refusal for a topic that is not there. */
export function topicNotFound(): Refusal {
  return new Refusal('NotFound', 404, 'Topic does not exist');
}
