import { parseDocument } from 'yaml';
import { invalidParameter } from './refusal.ts';

const SUBJECT_LENGTH_MAX = 99;

/** Whether every character is one SNS takes: tab, line feed, carriage return and all of Unicode but other controls, FFFE, FFFF. */
export function isAllowedText(text: string): boolean {
  return /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u.test(text);
}

/**
 * Refuses a subject that either published edition of the rule refuses: the older one wants ASCII that begins with a
 * letter, number or punctuation mark, the newer one no line breaks and less than 100 characters.
 *
 * @throws Refusal
 */
export function checkSubject(subject: string): void {
  if (subject.length > SUBJECT_LENGTH_MAX)
    throw invalidParameter('Subject Reason: must be less than 100 characters');
  if (!/^[\x21-\x7e][\x20-\x7e]*$/.test(subject)) {
    throw invalidParameter('Subject Reason: must be printable ASCII that does not begin with a space');
  }
}

/**
 * The texts of a message by protocol, `default` among them; a plain message has only that one.
 *
 * @throws Refusal for an empty message, characters SNS does not take, or a JSON structure that does not hold
 */
export function readMessage(message: string, structure: string | undefined): ReadonlyMap<string, string> {
  if (message === '') throw invalidParameter('Empty message');
  if (!isAllowedText(message)) throw invalidParameter('Message Reason: invalid characters');
  if (structure === undefined) return new Map([['default', message]]);
  if (structure !== 'json') throw invalidParameter('MessageStructure Reason: must be json when given');

  const texts = Object.entries(parseStructure(message)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const byProtocol = new Map(texts);
  if (!byProtocol.get('default'))
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  for (const text of byProtocol.values()) {
    if (!isAllowedText(text)) throw invalidParameter('Message Reason: invalid characters');
  }
  return byProtocol;
}

function parseStructure(message: string): object {
  const unparsable = invalidParameter('Message Structure - JSON message body failed to parse');
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    throw unparsable;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unparsable;
  // JSON.parse keeps the last of two equal keys; JSON is YAML, and its parser reports them.
  const { errors } = parseDocument(message, { schema: 'json', uniqueKeys: true });
  if (errors.some(({ code }) => code === 'DUPLICATE_KEY')) {
    throw invalidParameter('Message Structure - JSON message body contains a key twice');
  }
  return value;
}
