import { type Target, targetOf } from '../../../lib/domain/identity.ts';
import type { Message } from '../../../lib/domain/render/message.ts';
import type { PublishInput } from '../../fixtures/sns-rules.ts';

const TOPIC_PREFIX = 'arn:aws:sns:eu-west-1:123456789012:spot-';

/** A Publish as it comes over the wire. */
export type PublishRequest = { readonly target: Target; readonly input: PublishInput };

/** The topic of a target, as the stack names it. */
export function topicArnOf(target: Target): string {
  return TOPIC_PREFIX + target.replace('/', '-');
}

/** @throws Error for what is no Publish to one of the stack's topics, or holds a field that is not modelled. */
export function parsePublish(form: string): PublishRequest {
  const fields = new Map(new URLSearchParams(form));
  const topicArn = fields.get('TopicArn') ?? '';
  const [, receiver, channel] = /^(.+)-(email|sms)$/.exec(topicArn.slice(TOPIC_PREFIX.length)) ?? [];
  if (receiver === undefined || !topicArn.startsWith(TOPIC_PREFIX))
    throw new Error(`no topic is ${topicArn}`);
  const input = {
    TopicArn: topicArn,
    Subject: fields.get('Subject'),
    Message: fields.get('Message'),
    MessageAttributes: attributesOf(fields),
  };
  const known = /^(?:Action|Version|TopicArn|Subject|Message|MessageAttributes\.entry\..+)$/;
  const odd = [...fields.keys()].filter((name) => !known.test(name));
  if (fields.get('Action') !== 'Publish' || odd.length > 0) throw new Error(`this is not modelled: ${form}`);
  return { target: targetOf(receiver, channel === 'sms' ? 'sms' : 'email'), input };
}

/** The message as whoever sent it had it. */
export function messageOf({ target, input }: PublishRequest): Message {
  const body = input.Message ?? '';
  return target.endsWith('/sms')
    ? { channel: 'sms', body }
    : { channel: 'email', subject: input.Subject ?? '', body };
}

function attributesOf(fields: ReadonlyMap<string, string>): NonNullable<PublishInput['MessageAttributes']> {
  const attributes: Record<string, { DataType: string | undefined; StringValue: string | undefined }> = {};
  for (let number = 1; ; number += 1) {
    const entry = `MessageAttributes.entry.${number}`;
    const name = fields.get(`${entry}.Name`);
    if (name === undefined) return attributes;
    attributes[name] = {
      DataType: fields.get(`${entry}.Value.DataType`),
      StringValue: fields.get(`${entry}.Value.StringValue`),
    };
  }
}
