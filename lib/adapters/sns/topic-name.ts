import { receiverOf, type Target } from '../../domain/identity.ts';

/** Where a stack's topics are. */
export type TopicPlace = {
  readonly stack: string;
  readonly partition: string;
  readonly region: string;
  readonly account: string;
};

/** Name of the topic of one receiver's channel: the same for the stack that makes it and the code that publishes. */
export function topicName(stack: string, target: Target): string {
  const { receiver, channel } = receiverOf(target);
  return `${stack}-${receiver}-${channel}`;
}

export function topicArn({ stack, partition, region, account }: TopicPlace, target: Target): string {
  return `arn:${partition}:sns:${region}:${account}:${topicName(stack, target)}`;
}
