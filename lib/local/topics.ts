import { CreateTopicCommand, type SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { topicName } from '../adapters/sns/topic-name.ts';
import type { AlertConfig, Receiver } from '../domain/alert-config.ts';
import { type Channel, targetOf } from '../domain/identity.ts';

const CHANNELS: readonly Channel[] = ['email', 'sms'];

/** What the deployed stack declares: one topic per receiver and channel, one subscription per address. */
export async function ensureTopics(client: SNSClient, config: AlertConfig): Promise<void> {
  for (const receiver of config.receivers) {
    for (const channel of CHANNELS) await ensureTopic(client, config.stack.name, receiver, channel);
  }
}

async function ensureTopic(
  client: SNSClient,
  stack: string,
  receiver: Receiver,
  channel: Channel,
): Promise<void> {
  const addresses = receiver[channel]?.to ?? [];
  if (addresses.length === 0) return;
  const name = topicName(stack, targetOf(receiver.name, channel));
  const { TopicArn } = await client.send(new CreateTopicCommand({ Name: name }));
  for (const address of addresses) {
    await client.send(new SubscribeCommand({ TopicArn, Protocol: channel, Endpoint: address }));
  }
}
