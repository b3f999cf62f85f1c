import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Target } from '../../domain/identity.ts';
import type { Publisher, PublishOutcome } from '../../ports/publisher.ts';
import { outcomeOfError } from './outcome.ts';
import { publishInput } from './publish-input.ts';

/** A publish begun five seconds before the function is stopped still ends, whatever the network does. */
const PUBLISH_MS = 4500;

/** Publishes to SNS topics, one per receiver and channel, in one attempt each. */
export function snsPublisher(client: SNSClient, topicArnOf: (target: Target) => string): Publisher {
  return {
    async publish(target, message): Promise<PublishOutcome> {
      const command = new PublishCommand(publishInput(topicArnOf(target), message));
      try {
        const { MessageId } = await client.send(command, { abortSignal: AbortSignal.timeout(PUBLISH_MS) });
        if (MessageId === undefined || MessageId === '')
          return { kind: 'unknown', because: 'answered without a message id' };
        return { kind: 'accepted', messageId: MessageId };
      } catch (error) {
        return outcomeOfError(error);
      }
    },
  };
}
