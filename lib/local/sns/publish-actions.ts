import { randomUUID } from 'node:crypto';
import { attributeBytes, checkAttributes } from './attribute-rules.ts';
import { type Form, members, messageAttributes, required } from './form.ts';
import type { InboxEntry } from './inbox.ts';
import { invalidParameter, Refusal } from './refusal.ts';
import { findTopic, isE164, type Service, topicArn } from './service.ts';
import { checkSubject, readMessage } from './text-rules.ts';
import type { Topic } from './topics.ts';
import { element, list, type Xml } from './xml.ts';

const BYTES_MAX = 262_144;
const SMS_BYTES_MAX = 1_600;
const BATCH_MAX = 10;
const DISPLAY_NAME_MAX = 10;

type Destination =
  | { readonly kind: 'topic'; readonly topic: Topic }
  | { readonly kind: 'phone'; readonly number: string };

/** What a publish is aimed at, as it was written: an ARN or a number. */
export function publishTarget(form: Form): string {
  return form.get('TopicArn') ?? form.get('TargetArn') ?? form.get('PhoneNumber') ?? '';
}

/** Delivers one message to everybody a topic reaches, or to one number; all of it is written when this returns. */
export function publish(service: Service, form: Form): readonly Xml[] {
  const messageId = deliver(service, readDestination(service, form), form);
  return [element('MessageId', messageId)];
}

/** Delivers up to ten messages; the answer says per entry what became of it. */
export function publishBatch(service: Service, form: Form): readonly Xml[] {
  const topic = findTopic(service, required(form, 'TopicArn'));
  const entries = members(form, 'PublishBatchRequestEntries');
  checkBatch(entries);

  const successful: (readonly Xml[])[] = [];
  const failed: (readonly Xml[])[] = [];
  for (const entry of entries) {
    const id = element('Id', required(entry, 'Id'));
    try {
      successful.push([id, element('MessageId', deliver(service, { kind: 'topic', topic }, entry))]);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      failed.push([
        id,
        element('Code', error.code),
        element('Message', error.message),
        element('SenderFault', 'true'),
      ]);
    }
  }
  return [list('Successful', successful), list('Failed', failed)];
}

function checkBatch(entries: readonly Form[]): void {
  if (entries.length === 0)
    throw new Refusal('EmptyBatchRequest', 400, 'The batch request contains no entries');
  if (entries.length > BATCH_MAX) {
    throw new Refusal(
      'TooManyEntriesInBatchRequest',
      400,
      `The batch request contains more than ${BATCH_MAX} entries`,
    );
  }
  const ids = entries.map((entry) => required(entry, 'Id'));
  if (ids.some((id) => !/^[A-Za-z\d_-]{1,80}$/.test(id))) {
    throw new Refusal(
      'InvalidBatchEntryId',
      400,
      'An Id is 1 to 80 letters, digits, hyphens and underscores',
    );
  }
  if (new Set(ids).size < ids.length)
    throw new Refusal('BatchEntryIdsNotDistinct', 400, 'Two entries have the same Id');
  const bytes = entries.reduce((sum, entry) => sum + messageBytes(entry), 0);
  if (bytes > BYTES_MAX)
    throw new Refusal('BatchRequestTooLong', 400, `The batch is longer than ${BYTES_MAX} bytes`);
}

function readDestination(service: Service, form: Form): Destination {
  const given = ['TopicArn', 'TargetArn', 'PhoneNumber'].filter((name) => form.has(name));
  if (given.length === 0)
    throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
  if (given.length > 1)
    throw invalidParameter(`${given.join(' and ')} Reason: only one of them may be given`);
  const target = publishTarget(form);
  if (!form.has('PhoneNumber')) return { kind: 'topic', topic: findTopic(service, target) };
  if (!isE164(target)) throw invalidParameter('PhoneNumber Reason: not a number in E.164 format');
  return { kind: 'phone', number: target };
}

/** Checks one message and writes it to every inbox it reaches. @throws Refusal, with nothing delivered */
function deliver(service: Service, destination: Destination, form: Form): string {
  const subject = form.get('Subject');
  if (subject !== undefined) checkSubject(subject);
  const texts = readMessage(required(form, 'Message'), form.get('MessageStructure'));
  checkAttributes(messageAttributes(form));
  if (messageBytes(form) > BYTES_MAX) throw invalidParameter('Message too long');

  const messageId = randomUUID();
  const at = new Date(service.now()).toISOString();
  const textFor = (channel: InboxEntry['channel']) => texts.get(channel) ?? texts.get('default') ?? '';
  if (destination.kind === 'phone') {
    service.inbox.deliver([
      { at, channel: 'sms', address: destination.number, body: checkSms(textFor('sms')), messageId },
    ]);
    return messageId;
  }
  const { topic } = destination;
  const entries = service.topics.subscriptionsOf(topic.name).map(({ protocol, endpoint }): InboxEntry => {
    const common = {
      at,
      channel: protocol,
      address: endpoint,
      messageId,
      topic: topicArn(service, topic.name),
    };
    if (protocol === 'sms') return { ...common, body: checkSms(`${smsPrefix(topic)}${textFor('sms')}`) };
    return { ...common, ...(subject === undefined ? {} : { subject }), body: textFor('email') };
  });
  service.inbox.deliver(entries);
  return messageId;
}

/** SNS takes a longer text for a topic and then does not deliver it; refused here, so that the loss is seen. */
function checkSms(body: string): string {
  if (Buffer.byteLength(body) > SMS_BYTES_MAX)
    throw invalidParameter(`Message Reason: an SMS has at most ${SMS_BYTES_MAX} bytes`);
  return body;
}

/** A topic's display name stands before each of its SMS, in capitals and cut to ten characters. */
function smsPrefix(topic: Topic): string {
  const name = topic.attributes['DisplayName'] ?? '';
  return name === '' ? '' : `${name.slice(0, DISPLAY_NAME_MAX).toUpperCase()}> `;
}

function messageBytes(form: Form): number {
  const attributes = messageAttributes(form).reduce((sum, attribute) => sum + attributeBytes(attribute), 0);
  return Buffer.byteLength(form.get('Message') ?? '') + attributes;
}
