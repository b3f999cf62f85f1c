import type { PublishCommandInput } from '@aws-sdk/client-sns';
import type { Message } from '../../domain/render/message.ts';

/** The request for one message. SMS goes out as transactional: the default is delivered as advertising. */
export function publishInput(topicArn: string, message: Message): PublishCommandInput {
  if (message.channel === 'email')
    return { TopicArn: topicArn, Subject: message.subject, Message: message.body };
  return {
    TopicArn: topicArn,
    Message: message.body,
    MessageAttributes: { 'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' } },
  };
}
