import type { WritableInbox } from './inbox.ts';
import { invalidParameter, topicNotFound } from './refusal.ts';
import { ACCOUNT, type Topic, type Topics } from './topics.ts';

/** What the actions work on. */
export type Service = {
  readonly region: string;
  readonly topics: Topics;
  readonly inbox: WritableInbox;
  readonly now: () => number;
};

/** The ARN of a topic in this endpoint's region. */
export function topicArn(service: Service, name: string): string {
  return `arn:aws:sns:${service.region}:${ACCOUNT}:${name}`;
}

/** The name in an ARN of this region and account. @throws Refusal */
export function topicName(service: Service, arn: string): string {
  const prefix = topicArn(service, '');
  const name = arn.startsWith(prefix) ? arn.slice(prefix.length) : '';
  if (!isTopicName(name)) throw invalidParameter(`TopicArn Reason: expected ${prefix}NAME`);
  return name;
}

/** The topic of an ARN. @throws Refusal */
export function findTopic(service: Service, arn: string): Topic {
  const topic = service.topics.find(topicName(service, arn));
  if (topic === undefined) throw topicNotFound();
  return topic;
}

/** Whether a standard topic may have this name. */
export function isTopicName(name: string): boolean {
  return /^[A-Za-z\d_-]{1,256}$/.test(name);
}

/** Whether this is a number SNS would text: a plus and up to 15 digits. */
export function isE164(text: string): boolean {
  return /^\+[1-9]\d{1,14}$/.test(text);
}
