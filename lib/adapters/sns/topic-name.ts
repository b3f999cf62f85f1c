import { receiverOf, type Target } from '../../domain/identity.ts';

/** Name of the topic of one receiver's channel: the same for the stack that makes it and the code that publishes. */
export function topicName(stack: string, target: Target): string {
  const { receiver, channel } = receiverOf(target);
  return `${stack}-${receiver}-${channel}`;
}
