import type { MessageAttribute } from './form.ts';
import { invalidAttribute } from './refusal.ts';
import { isAllowedText } from './text-rules.ts';

const NAME_LENGTH_MAX = 256;
const NUMBER_MAX = 1e9;
const NUMBER = /^[+-]?\d+(\.\d{1,5})?$/;
const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;
const SMS_TYPES = ['Promotional', 'Transactional'];

/** Refuses attributes SNS refuses. @throws Refusal */
export function checkAttributes(attributes: readonly MessageAttribute[]): void {
  for (const attribute of attributes) {
    checkName(attribute.name);
    checkValue(attribute);
    checkSmsSetting(attribute);
  }
}

/** Bytes an attribute counts towards the size of its message: name, type and value. */
export function attributeBytes({ name, dataType, stringValue, binaryValue }: MessageAttribute): number {
  const valueBytes =
    binaryValue === undefined
      ? Buffer.byteLength(stringValue ?? '')
      : Buffer.from(binaryValue, 'base64').length;
  return Buffer.byteLength(name) + Buffer.byteLength(dataType) + valueBytes;
}

function checkName(name: string): void {
  if (!/^[A-Za-z\d_.-]+$/.test(name) || name.length > NAME_LENGTH_MAX) {
    throw invalidAttribute(
      name,
      'has an invalid name: 1 to 256 letters, digits, hyphens, underscores and dots',
    );
  }
  if (/^\.|\.$|\.\./.test(name))
    throw invalidAttribute(name, 'has a dot at an end or two in a row in its name');
  const isReserved = /^(aws|amazon)\./i.test(name) && !/^AWS\.(SNS|MM)\.SMS\./.test(name);
  if (isReserved) throw invalidAttribute(name, 'has a reserved prefix');
}

function checkValue({ name, dataType, stringValue, binaryValue }: MessageAttribute): void {
  switch (dataType) {
    case 'Binary':
      if (!binaryValue || !BASE64.test(binaryValue))
        throw invalidAttribute(name, 'must contain a binary value');
      return;
    case 'String':
      checkText(name, stringValue);
      return;
    case 'Number':
      checkText(name, stringValue);
      if (!NUMBER.test(stringValue ?? '') || Math.abs(Number(stringValue)) > NUMBER_MAX) {
        throw invalidAttribute(name, 'is no number from -10^9 to 10^9 with at most 5 decimals');
      }
      return;
    case 'String.Array':
      checkText(name, stringValue);
      if (!isArrayText(stringValue ?? '')) {
        throw invalidAttribute(name, 'is no JSON array of strings, numbers, true, false and null');
      }
      return;
    default:
      throw invalidAttribute(name, 'has an invalid type: String, String.Array, Number or Binary');
  }
}

function checkText(name: string, value: string | undefined): void {
  if (!value) throw invalidAttribute(name, 'must contain a non-empty value');
  // Outside the basic plane a character takes two surrogates, which attribute values do not admit.
  if (!isAllowedText(value) || /[\u{10000}-\u{10FFFF}]/u.test(value)) {
    throw invalidAttribute(
      name,
      'has an invalid value: Invalid attribute value was passed in for message attribute',
    );
  }
}

function checkSmsSetting({ name, stringValue = '' }: MessageAttribute): void {
  if (name === 'AWS.SNS.SMS.SMSType' && !SMS_TYPES.includes(stringValue)) {
    throw invalidAttribute(name, 'must be Promotional or Transactional');
  }
  if (name === 'AWS.SNS.SMS.SenderID' && !/^(?=.*[A-Za-z])[A-Za-z\d]{1,11}$/.test(stringValue)) {
    throw invalidAttribute(name, 'must be 1 to 11 letters and digits, at least one a letter');
  }
  if (name === 'AWS.SNS.SMS.MaxPrice' && !/^\d+(\.\d+)?$/.test(stringValue)) {
    throw invalidAttribute(name, 'must be a price in US dollars');
  }
}

function isArrayText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return (
      Array.isArray(value) &&
      value.every((item) => item === null || ['string', 'number', 'boolean'].includes(typeof item))
    );
  } catch {
    return false;
  }
}
