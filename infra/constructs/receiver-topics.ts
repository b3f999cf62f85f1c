import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SmsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { AlertConfig } from '../../lib/domain/alert-config.ts';
import { subscribedTopics } from '../names.ts';

export interface ReceiverTopicsProps {
  readonly config: AlertConfig;
  /** Encrypts what waits in a topic; whoever publishes needs it too. */
  readonly key: IKey;
}

/** One standard topic for each channel of each receiver, with a subscription for each address. */
export class ReceiverTopics extends Construct {
  constructor(scope: Construct, id: string, props: ReceiverTopicsProps) {
    super(scope, id);
    for (const { name, receiver, channel, addresses } of subscribedTopics(props.config)) {
      const topic = new Topic(this, `${receiver}-${channel}`, {
        topicName: name,
        // The sender's name of an e-mail. An SMS would begin with it, in capitals, and have less room.
        ...(channel === 'email' ? { displayName: props.config.stack.name } : {}),
        masterKey: props.key,
        enforceSSL: true,
      });
      for (const address of new Set(addresses)) {
        topic.addSubscription(
          channel === 'email' ? new EmailSubscription(address) : new SmsSubscription(address),
        );
      }
    }
  }
}
