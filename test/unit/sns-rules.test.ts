import { describe, expect, it } from 'vitest';
import { type PublishInput, smsParts, snsRefuses } from '../fixtures/sns-rules.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:spot-sales-email';
const EMAIL: PublishInput = { TopicArn: TOPIC, Subject: 'Spot Store', Message: 'olá 👋' };

function withAttribute(name: string, StringValue: string, DataType = 'String'): PublishInput {
  return { ...EMAIL, MessageAttributes: { [name]: { DataType, StringValue } } };
}

const sms = (text: string): PublishInput => ({
  TopicArn: TOPIC,
  Message: text,
  MessageAttributes: { 'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' } },
});

describe('the judge of what SNS takes', () => {
  it.for<readonly [string, PublishInput]>([
    ['an e-mail of any script', EMAIL],
    ['an SMS of one part', sms('a'.repeat(160))],
    ['a subject of 99 characters', { ...EMAIL, Subject: 'a'.repeat(99) }],
    ['a message at the limit', { TopicArn: TOPIC, Message: 'é'.repeat(131_072) }],
    ['an attribute of its own name', withAttribute('rule-1.name', 'ready')],
    ['a number', withAttribute('count', '-1000000000', 'Number')],
    ['a structure with a text for all', { ...EMAIL, MessageStructure: 'json', Message: '{"default":"a"}' }],
  ])('takes %s', ([, input]) => {
    expect(snsRefuses(input)).toEqual([]);
  });

  it.for<readonly [string, PublishInput, RegExp]>([
    ['no message', { ...EMAIL, Message: '' }, /is empty/],
    ['a control character', { ...EMAIL, Message: 'a\u0007' }, /U\+7/],
    ['half a surrogate pair', { ...EMAIL, Message: 'a\ud83d' }, /U\+d83d/],
    ['a noncharacter', { ...EMAIL, Message: '\uffff' }, /U\+ffff/],
    ['an empty subject', { ...EMAIL, Subject: '' }, /Subject is empty/],
    ['a subject of 100 characters', { ...EMAIL, Subject: 'a'.repeat(100) }, /100/],
    ['a subject with a letter outside ASCII', { ...EMAIL, Subject: 'Olá' }, /ASCII/],
    ['a subject on two lines', { ...EMAIL, Subject: 'a\nb' }, /ASCII/],
    ['a subject that begins with a sign', { ...EMAIL, Subject: '(a)' }, /begin/],
    ['one byte too many, subject included', { ...EMAIL, Message: 'a'.repeat(262_135) }, /bytes/],
    [
      'one byte too many, attributes included',
      { ...withAttribute('ab', 'c'), Message: 'a'.repeat(262_126) },
      /bytes/,
    ],
    ['a topic that keeps an order', { ...EMAIL, TopicArn: `${TOPIC}.fifo` }, /standard topic/],
    ['a topic without an account', { ...EMAIL, TopicArn: 'arn:aws:sns:eu-west-1::a' }, /standard topic/],
    ['another structure', { ...EMAIL, MessageStructure: 'xml' }, /not json/],
    ['a structure that is no JSON', { ...EMAIL, MessageStructure: 'json' }, /no JSON/],
    [
      'a structure without a default',
      { ...EMAIL, MessageStructure: 'json', Message: '{"sms":"a"}' },
      /default/,
    ],
    [
      'a default that is no text',
      { ...EMAIL, MessageStructure: 'json', Message: '{"default":1}' },
      /default/,
    ],
    ['an attribute without a value', withAttribute('a', ''), /no value/],
    ['an attribute without a type', withAttribute('a', 'b', ''), /no type/],
    ['an attribute without a name', withAttribute('', 'b'), /name/],
    ['an attribute of another type', withAttribute('a', 'b', 'Text'), /type/],
    ['an emoji in an attribute', withAttribute('a', '👋'), /surrogate/],
    ['a space in the name of an attribute', withAttribute('a b', 'c'), /name/],
    ['a long name of an attribute', withAttribute('a'.repeat(257), 'c'), /256/],
    ['two dots in the name of an attribute', withAttribute('a..b', 'c'), /dot/],
    ['a name of the service’s own', withAttribute('Amazon.a', 'c'), /reserved/],
    ['a number with six decimals', withAttribute('a', '1.123456', 'Number'), /number/],
    ['a number beyond a billion', withAttribute('a', '1000000001', 'Number'), /number/],
    ['an unknown type of SMS', withAttribute('AWS.SNS.SMS.SMSType', 'Urgent'), /setting/],
    ['a sender of digits alone', withAttribute('AWS.SNS.SMS.SenderID', '123'), /setting/],
    ['an SMS of two parts', sms('a'.repeat(161)), /2 parts/],
    ['an SMS whose brackets count twice', sms(`[${'a'.repeat(159)}`), /2 parts/],
    ['an SMS of another script in two parts', sms('я'.repeat(71)), /2 parts/],
    ['an SMS of too many bytes', sms('a'.repeat(1601)), /1600 bytes/],
  ])('refuses %s', ([, input, because]) => {
    expect(snsRefuses(input).join('; ')).toMatch(because);
  });

  it('counts the parts of a split SMS by what each of them holds', () => {
    expect([306, 307].map((length) => smsParts('a'.repeat(length)))).toEqual([2, 3]);
    expect([134, 135].map((length) => smsParts('я'.repeat(length)))).toEqual([2, 3]);
  });
});
