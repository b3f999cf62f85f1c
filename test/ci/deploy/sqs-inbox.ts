import { type SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import * as z from 'zod';
import { ACCOUNT, type Cloud, REGION } from './ministack.ts';
import { requestUnsigned } from './unsigned-request.ts';

const createdShape = z.object({ QueueUrl: z.string() });
const receivedShape = z.object({
  Messages: z.array(z.object({ Body: z.string(), ReceiptHandle: z.string() })).nullish(),
});
const notificationShape = z.object({
  TopicArn: z.string(),
  Subject: z.string().nullish(),
  Message: z.string(),
});

/** What a subscriber of a topic was given. */
export type Received = { readonly topic: string; readonly subject: string; readonly message: string };

/** A queue that hears what people would be sent. */
export type SqsInbox = {
  /** Subscribes the queue to a topic, as one more address of it. */
  subscribe(topic: string): Promise<void>;
  /** All that has arrived, oldest first. */
  received(): Promise<readonly Received[]>;
};

/** Creates the queue. */
export async function createSqsInbox(cloud: Cloud, sns: SNSClient): Promise<SqsInbox> {
  const name = 'inbox';
  const { QueueUrl } = createdShape.parse(await sqs(cloud, 'CreateQueue', { QueueName: name }));
  const all: Received[] = [];

  return {
    subscribe: async (topic) => {
      const Endpoint = `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
      await sns.send(new SubscribeCommand({ TopicArn: topicArn(topic), Protocol: 'sqs', Endpoint }));
    },
    received: async () => {
      for (;;) {
        const request = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 };
        const { Messages } = receivedShape.parse(await sqs(cloud, 'ReceiveMessage', request));
        if (!Messages || Messages.length === 0) return all;
        for (const { Body, ReceiptHandle } of Messages) {
          all.push(parseNotification(Body));
          await sqs(cloud, 'DeleteMessage', { QueueUrl, ReceiptHandle });
        }
      }
    },
  };
}

export function topicArn(topic: string): string {
  return `arn:aws:sns:${REGION}:${ACCOUNT}:${topic}`;
}

function parseNotification(body: string): Received {
  const { TopicArn, Subject, Message } = notificationShape.parse(JSON.parse(body));
  return { topic: TopicArn.split(':').at(-1) ?? '', subject: Subject ?? '', message: Message };
}

/** One request in the JSON protocol of SQS: three operations are not worth a client of their own. */
async function sqs(cloud: Cloud, operation: string, input: unknown): Promise<unknown> {
  const text = await requestUnsigned(cloud, 'sqs', {
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
    body: JSON.stringify(input),
  });
  return text === '' ? {} : JSON.parse(text);
}
