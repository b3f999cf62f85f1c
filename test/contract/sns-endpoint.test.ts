import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  type MessageAttributeValue,
  PublishBatchCommand,
  PublishCommand,
  type PublishCommandInput,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InboxEntry } from '../../lib/local/sns/inbox.ts';
import { type SnsEndpoint, startSnsEndpoint } from '../../lib/local/sns/server.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 15, 0, 0);
const MAIL = 'sales@example.com';
const PHONE = '+12025550123';
const UNKNOWN_TOPIC = 'arn:aws:sns:eu-west-1:000000000000:nobody';

let endpoint: SnsEndpoint;
let client: SNSClient;
let directory: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sns-endpoint-'));
  await start();
});

afterEach(async () => {
  await stop();
  rmSync(directory, { recursive: true });
});

async function start(): Promise<void> {
  endpoint = await startSnsEndpoint({ port: 0, region: 'eu-west-1', directory, now: () => NOW_MS });
  client = clientOf(endpoint);
}

async function stop(): Promise<void> {
  client.destroy();
  await endpoint.close();
}

function clientOf({ url }: SnsEndpoint): SNSClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new SNSClient({ endpoint: url, region: 'eu-west-1', maxAttempts: 1, credentials });
}

async function topic(name: string, protocol?: 'email' | 'sms', ...addresses: string[]): Promise<string> {
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: name }));
  for (const Endpoint of addresses)
    await client.send(new SubscribeCommand({ TopicArn, Protocol: protocol, Endpoint }));
  return TopicArn;
}

function publish(input: PublishCommandInput) {
  return client.send(new PublishCommand(input));
}

function attribute(DataType: string, StringValue: string): Record<string, MessageAttributeValue> {
  return { kind: { DataType, StringValue } };
}

describe('topics and subscriptions', () => {
  it('creates a topic once per name, whatever its tags', async () => {
    const first = await client.send(
      new CreateTopicCommand({ Name: 'sales-email', Tags: [{ Key: 'a', Value: 'b' }] }),
    );
    const second = await client.send(new CreateTopicCommand({ Name: 'sales-email' }));
    expect(first.TopicArn).toBe('arn:aws:sns:eu-west-1:000000000000:sales-email');
    expect(second.TopicArn).toBe(first.TopicArn);
    const { Topics } = await client.send(new ListTopicsCommand({}));
    expect(Topics).toEqual([{ TopicArn: first.TopicArn }]);
  });

  it('lists who hears of a topic, each address once', async () => {
    const TopicArn = await topic('sales-email', 'email', MAIL, 'owner@example.com', MAIL);
    const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(Subscriptions).toEqual([
      expect.objectContaining({ Protocol: 'email', Endpoint: MAIL, TopicArn, Owner: '000000000000' }),
      expect.objectContaining({ Protocol: 'email', Endpoint: 'owner@example.com' }),
    ]);
    expect(Subscriptions?.[0]?.SubscriptionArn).toMatch(new RegExp(`^${TopicArn}:[0-9a-f-]{36}$`));
  });

  it('lists more than a hundred topics in pages that leave none out', async () => {
    for (let index = 0; index < 101; index += 1) await topic(`topic-${index}`);
    const first = await client.send(new ListTopicsCommand({}));
    const second = await client.send(new ListTopicsCommand({ NextToken: first.NextToken }));
    expect([first.Topics?.length, second.Topics?.length, second.NextToken]).toEqual([100, 1, undefined]);
  });

  it('tells the attributes of a topic', async () => {
    const { TopicArn } = await client.send(
      new CreateTopicCommand({ Name: 'shop-sms', Attributes: { DisplayName: 'A &lt; <B>' } }),
    );
    await client.send(new SubscribeCommand({ TopicArn, Protocol: 'sms', Endpoint: PHONE }));
    const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({ TopicArn, DisplayName: 'A &lt; <B>', SubscriptionsConfirmed: '1' });
  });

  it('deletes a topic with its subscriptions, also when it is not there', async () => {
    const TopicArn = await topic('sales-email', 'email', MAIL);
    await client.send(new DeleteTopicCommand({ TopicArn }));
    await client.send(new DeleteTopicCommand({ TopicArn }));
    await expect(client.send(new GetTopicAttributesCommand({ TopicArn }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    await topic('sales-email');
    const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(Subscriptions ?? []).toEqual([]);
  });

  it.for([
    {
      name: 'a protocol it does not deliver to',
      Protocol: 'sqs',
      Endpoint: 'arn:aws:sqs:eu-west-1:000000000000:q',
    },
    { name: 'an e-mail address without a domain', Protocol: 'email', Endpoint: 'sales' },
    { name: 'an e-mail address with a space', Protocol: 'email', Endpoint: 'sales team@example.com' },
    { name: 'a number without a plus', Protocol: 'sms', Endpoint: '12025550123' },
    { name: 'a number of sixteen digits', Protocol: 'sms', Endpoint: '+1202555012345678' },
  ])('refuses to subscribe $name', async ({ Protocol, Endpoint }) => {
    const TopicArn = await topic('any');
    const refused = client.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }));
    await expect(refused).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('refuses what it cannot do faithfully: filters, FIFO topics, a second set of attributes, other actions', async () => {
    const TopicArn = await topic('any');
    const subscribe = { TopicArn, Protocol: 'email', Endpoint: MAIL, Attributes: { FilterPolicy: '{}' } };
    await expect(client.send(new SubscribeCommand(subscribe))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    for (const input of [
      { Name: 'any.fifo' },
      { Name: 'a b' },
      { Name: 'any', Attributes: { DisplayName: 'x' } },
    ]) {
      await expect(client.send(new CreateTopicCommand(input))).rejects.toMatchObject({
        name: 'InvalidParameterException',
      });
    }
    const other = new SetTopicAttributesCommand({
      TopicArn,
      AttributeName: 'DisplayName',
      AttributeValue: 'x',
    });
    await expect(client.send(other)).rejects.toMatchObject({
      name: 'InvalidAction',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('refuses a request that is not signed', async () => {
    const body = new URLSearchParams({ Action: 'Publish', Message: 'hi', PhoneNumber: PHONE });
    const response = await fetch(endpoint.url, { method: 'POST', body });
    expect([response.status, await response.text()]).toEqual([
      403,
      expect.stringContaining('MissingAuthenticationToken'),
    ]);
    expect(endpoint.inbox.entries()).toEqual([]);
  });
});

describe('delivery', () => {
  it('puts one message into the inbox of every address of the topic', async () => {
    const TopicArn = await topic('sales-email', 'email', MAIL, 'owner@example.com');
    const { MessageId } = await publish({
      TopicArn,
      Subject: 'Ready to order',
      Message: 'São 3 > 2 & "mehr" 🛒\n+=%',
    });
    expect(endpoint.inbox.addresses()).toEqual([MAIL, 'owner@example.com']);
    const entry = {
      at: '2026-11-22T15:00:00.000Z',
      channel: 'email',
      address: MAIL,
      subject: 'Ready to order',
    };
    expect(endpoint.inbox.of(MAIL)).toEqual([
      { ...entry, body: 'São 3 > 2 & "mehr" 🛒\n+=%', messageId: MessageId, topic: TopicArn },
    ]);
  });

  it('accepts a message to a topic nobody hears of, and delivers it to nobody', async () => {
    const { MessageId } = await publish({ TopicArn: await topic('empty'), Message: 'hello' });
    expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(endpoint.inbox.entries()).toEqual([]);
  });

  it('texts without a subject, after the display name of the topic in capitals', async () => {
    const { TopicArn } = await client.send(
      new CreateTopicCommand({ Name: 'sms', Attributes: { DisplayName: 'Spot Store Alerts' } }),
    );
    await client.send(new SubscribeCommand({ TopicArn, Protocol: 'sms', Endpoint: PHONE }));
    await publish({ TopicArn, Subject: 'not shown', Message: 'ready' });
    expect(endpoint.inbox.of(PHONE)).toEqual([
      expect.objectContaining({ channel: 'sms', body: 'SPOT STORE> ready' }),
    ]);
    expect(endpoint.inbox.of(PHONE)[0]).not.toHaveProperty('subject');
  });

  it('texts a number directly', async () => {
    await publish({ PhoneNumber: PHONE, Message: 'x'.repeat(1_600) });
    expect(endpoint.inbox.of(PHONE)).toHaveLength(1);
  });

  it('takes the text of each protocol from a JSON structure', async () => {
    const email = await topic('email', 'email', MAIL);
    const sms = await topic('sms', 'sms', PHONE);
    const Message = JSON.stringify({ default: 'any', email: 'long', unheard: 'x', http: 5 });
    await publish({ TopicArn: email, Message, MessageStructure: 'json' });
    await publish({ TopicArn: sms, Message, MessageStructure: 'json' });
    expect(endpoint.inbox.entries().map(({ body }) => body)).toEqual(['long', 'any']);
  });

  it('answers a batch per entry: what is wrong with one does not touch the others', async () => {
    const TopicArn = await topic('email', 'email', MAIL);
    const entries = [
      { Id: 'good', Message: 'one' },
      { Id: 'empty', Message: '' },
      { Id: 'subject', Message: 'three', Subject: 'two\nlines' },
      { Id: 'last', Message: 'four', MessageAttributes: attribute('String', 'ok') },
    ];
    const answer = await client.send(
      new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries }),
    );
    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['good', 'last']);
    expect(answer.Failed).toEqual([
      expect.objectContaining({ Id: 'empty', Code: 'InvalidParameter', SenderFault: true }),
      expect.objectContaining({ Id: 'subject', Code: 'InvalidParameter', SenderFault: true }),
    ]);
    expect(endpoint.inbox.of(MAIL).map(({ body }) => body)).toEqual(['one', 'four']);
    expect(endpoint.inbox.of(MAIL)[0]?.messageId).toBe(answer.Successful?.[0]?.MessageId);
  });

  it('tells a listener of each delivery, until it no longer wants to hear', async () => {
    const heard: InboxEntry[] = [];
    const stopListening = endpoint.inbox.onDelivery((entry) => heard.push(entry));
    await publish({ PhoneNumber: PHONE, Message: 'first' });
    stopListening();
    await publish({ PhoneNumber: PHONE, Message: 'second' });
    expect(heard.map(({ body }) => body)).toEqual(['first']);
  });
});

describe('what a message may be', () => {
  const accepted: { name: string; input: PublishCommandInput }[] = [
    { name: 'a subject of 99 characters', input: { Message: 'm', Subject: 's'.repeat(99) } },
    { name: 'a subject that begins with punctuation', input: { Message: 'm', Subject: '!now' } },
    { name: 'tabs, line breaks and emoji', input: { Message: '\t\r\n 🛒 \u{FFFD}' } },
    { name: '262,144 bytes', input: { Message: 'é'.repeat(131_072) } },
    {
      name: 'an attribute of each kind',
      input: {
        Message: 'm',
        MessageAttributes: {
          a: { DataType: 'Number', StringValue: '-1000000000' },
          'b.c': { DataType: 'String.Array', StringValue: '["x",1,null]' },
          d: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
          'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' },
        },
      },
    },
  ];
  it.for(accepted)('takes $name', async ({ input }) => {
    const TopicArn = await topic('email', 'email', MAIL);
    await publish({ TopicArn, ...input });
    expect(endpoint.inbox.of(MAIL)).toHaveLength(1);
  });

  const refused: { name: string; input: PublishCommandInput; error?: string }[] = [
    { name: 'an empty subject', input: { Message: 'm', Subject: '' } },
    { name: 'a subject of 100 characters', input: { Message: 'm', Subject: 's'.repeat(100) } },
    { name: 'a subject with a line break', input: { Message: 'm', Subject: 'a\nb' } },
    { name: 'a subject with a control character', input: { Message: 'm', Subject: 'a\u0007b' } },
    { name: 'a subject that begins with a space', input: { Message: 'm', Subject: ' a' } },
    { name: 'a subject that is not ASCII', input: { Message: 'm', Subject: 'São' } },
    { name: 'an empty message', input: { Message: '' } },
    { name: 'no message', input: { Message: undefined } },
    { name: 'a control character', input: { Message: 'a\u0000b' } },
    { name: 'the character FFFF', input: { Message: 'a\uFFFFb' } },
    { name: '262,145 bytes', input: { Message: `${'é'.repeat(131_072)}x` } },
    {
      name: '262,144 bytes and an attribute',
      input: { Message: 'x'.repeat(262_144), MessageAttributes: attribute('String', 'v') },
    },
    { name: 'an unknown structure', input: { Message: '{"default":"m"}', MessageStructure: 'xml' } },
    { name: 'a structure that is no JSON', input: { Message: 'm', MessageStructure: 'json' } },
    { name: 'a structure that is a list', input: { Message: '["default"]', MessageStructure: 'json' } },
    { name: 'a structure without default', input: { Message: '{"email":"m"}', MessageStructure: 'json' } },
    {
      name: 'a structure whose default is no string',
      input: { Message: '{"default":1}', MessageStructure: 'json' },
    },
    {
      name: 'a structure with a key twice',
      input: { Message: '{"default":"a","default":"b"}', MessageStructure: 'json' },
    },
    {
      name: 'a control character inside a structure',
      input: { Message: '{"default":"a\\u0000"}', MessageStructure: 'json' },
    },
    { name: 'a topic and a number at once', input: { Message: 'm', PhoneNumber: PHONE } },
    { name: 'two targets at once', input: { Message: 'm', TargetArn: UNKNOWN_TOPIC } },
    {
      name: 'an ARN of another region',
      input: { Message: 'm', TopicArn: UNKNOWN_TOPIC.replace('eu-west-1', 'us-east-1') },
    },
    {
      name: 'a topic that is not there',
      input: { Message: 'm', TopicArn: UNKNOWN_TOPIC },
      error: 'NotFoundException',
    },
    { name: 'no destination', input: { Message: 'm', TopicArn: undefined } },
    {
      name: 'a number that is not E.164',
      input: { Message: 'm', TopicArn: undefined, PhoneNumber: '0202555' },
    },
    {
      name: 'an SMS of 1,601 bytes',
      input: { Message: 'x'.repeat(1_601), TopicArn: undefined, PhoneNumber: PHONE },
    },
  ];
  it.for(refused)('refuses $name', async ({ input, error = 'InvalidParameterException' }) => {
    const TopicArn = await topic('email', 'email', MAIL);
    const httpStatusCode = error === 'NotFoundException' ? 404 : 400;
    await expect(publish({ TopicArn, ...input })).rejects.toMatchObject({
      name: error,
      $metadata: { httpStatusCode },
    });
    expect(endpoint.inbox.entries()).toEqual([]);
  });

  it('refuses an SMS of 1,601 bytes to a topic, which SNS would take and lose', async () => {
    const TopicArn = await topic('sms', 'sms', PHONE);
    await expect(publish({ TopicArn, Message: 'é'.repeat(801) })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await publish({ TopicArn, Message: 'é'.repeat(800) });
    expect(endpoint.inbox.of(PHONE)).toHaveLength(1);
  });

  const badAttributes: { name: string; attributes: Record<string, MessageAttributeValue> }[] = [
    { name: 'an unknown type', attributes: attribute('Text', 'v') },
    { name: 'an empty value', attributes: attribute('String', '') },
    { name: 'an emoji in its value', attributes: attribute('String', 'a 🛒') },
    { name: 'a control character in its value', attributes: attribute('String', 'a\u0001') },
    { name: 'a number that is none', attributes: attribute('Number', 'ten') },
    { name: 'a number above a billion', attributes: attribute('Number', '1000000001') },
    { name: 'six decimals', attributes: attribute('Number', '0.123456') },
    { name: 'an array that is none', attributes: attribute('String.Array', '{"a":1}') },
    { name: 'an array of objects', attributes: attribute('String.Array', '[{}]') },
    { name: 'a space in its name', attributes: { 'a b': { DataType: 'String', StringValue: 'v' } } },
    { name: 'a dot at the end of its name', attributes: { 'a.': { DataType: 'String', StringValue: 'v' } } },
    { name: 'two dots in its name', attributes: { 'a..b': { DataType: 'String', StringValue: 'v' } } },
    { name: 'a reserved prefix', attributes: { 'AWS.x': { DataType: 'String', StringValue: 'v' } } },
    {
      name: 'a name of 257 characters',
      attributes: { ['n'.repeat(257)]: { DataType: 'String', StringValue: 'v' } },
    },
    {
      name: 'an unknown SMS type',
      attributes: { 'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Urgent' } },
    },
    {
      name: 'a sender id of digits',
      attributes: { 'AWS.SNS.SMS.SenderID': { DataType: 'String', StringValue: '12345' } },
    },
  ];
  it.for(badAttributes)('refuses an attribute with $name', async ({ attributes }) => {
    const refusal = publish({ PhoneNumber: PHONE, Message: 'm', MessageAttributes: attributes });
    await expect(refusal).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    expect(endpoint.inbox.entries()).toEqual([]);
  });

  const entry = (Id: string, Message = 'm') => ({ Id, Message });
  it.for([
    { name: 'no entry', entries: [], error: 'EmptyBatchRequestException' },
    {
      name: 'eleven entries',
      entries: Array.from({ length: 11 }, (_, index) => entry(`${index}`)),
      error: 'TooManyEntriesInBatchRequestException',
    },
    { name: 'one id twice', entries: [entry('a'), entry('a')], error: 'BatchEntryIdsNotDistinctException' },
    { name: 'an id with a space', entries: [entry('a b')], error: 'InvalidBatchEntryIdException' },
    {
      name: 'an id of 81 characters',
      entries: [entry('i'.repeat(81))],
      error: 'InvalidBatchEntryIdException',
    },
    {
      name: '262,145 bytes together',
      entries: [entry('a', 'x'.repeat(262_144)), entry('b', 'x')],
      error: 'BatchRequestTooLongException',
    },
  ])('refuses a batch with $name', async ({ entries, error }) => {
    const TopicArn = await topic('email', 'email', MAIL);
    const batch = client.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries }));
    await expect(batch).rejects.toMatchObject({ name: error });
    expect(endpoint.inbox.entries()).toEqual([]);
  });

  it('refuses a batch to a topic that is not there', async () => {
    const batch = new PublishBatchCommand({
      TopicArn: UNKNOWN_TOPIC,
      PublishBatchRequestEntries: [entry('a')],
    });
    await expect(client.send(batch)).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});

describe('faults', () => {
  it('refuses as often as ordered, only the topic named, and delivers nothing of it', async () => {
    const email = await topic('email', 'email', MAIL);
    const sms = await topic('sms', 'sms', PHONE);
    endpoint.faults.refuseNext({ topic: 'email', code: 'Throttled', status: 429, times: 2 });
    await publish({ TopicArn: sms, Message: 'm' });
    for (const _ of [1, 2]) {
      await expect(publish({ TopicArn: email, Message: 'm' })).rejects.toMatchObject({
        name: 'ThrottledException',
        $metadata: { httpStatusCode: 429 },
      });
    }
    expect(endpoint.inbox.of(MAIL)).toHaveLength(0);
    await publish({ TopicArn: email, Message: 'm' });
    expect([endpoint.inbox.of(MAIL).length, endpoint.inbox.of(PHONE).length]).toEqual([1, 1]);
  });

  it.for([
    { name: 'delivers and then drops the connection', delivers: true, count: 1 },
    { name: 'drops the connection without delivering when told so', delivers: false, count: 0 },
  ])('$name', async ({ delivers, count }) => {
    endpoint.faults.unknownNext({ delivers });
    const error: unknown = await publish({ PhoneNumber: PHONE, Message: 'm' }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(endpoint.inbox.of(PHONE)).toHaveLength(count);
  });

  it('takes its time when told so', async () => {
    endpoint.faults.slowNext(150);
    const startMs = performance.now();
    await publish({ PhoneNumber: PHONE, Message: 'm' });
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(140);
  });

  it('closes while a slow publish is still waiting', async () => {
    endpoint.faults.slowNext(60_000);
    const waiting = publish({ PhoneNumber: PHONE, Message: 'm' }).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await stop();
    expect(await waiting).toBeInstanceOf(Error);
    await start();
    expect(endpoint.inbox.entries()).toEqual([]);
  });
});

describe('with a directory', () => {
  it('keeps topics, subscriptions and inbox over a restart', async () => {
    const kept = await topic('kept', 'email', MAIL);
    const gone = await topic('gone', 'sms', PHONE);
    await client.send(new DeleteTopicCommand({ TopicArn: gone }));
    const { MessageId } = await publish({ TopicArn: kept, Message: 'before' });
    await stop();
    await start();
    await publish({ TopicArn: kept, Message: 'after' });
    expect(endpoint.inbox.of(MAIL).map(({ body }) => body)).toEqual(['before', 'after']);
    expect(endpoint.inbox.of(MAIL)[0]?.messageId).toBe(MessageId);
    await expect(publish({ TopicArn: gone, Message: 'm' })).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  it('has written a delivery before it answers', async () => {
    endpoint.faults.unknownNext();
    await publish({ PhoneNumber: PHONE, Message: 'written' }).catch(() => undefined);
    expect(readFileSync(join(directory, 'inbox.jsonl'), 'utf8')).toContain('"body":"written"');
  });

  it('drops a last line that a kill cut short, and goes on with a line of its own', async () => {
    await publish({ PhoneNumber: PHONE, Message: 'whole' });
    await stop();
    appendFileSync(join(directory, 'inbox.jsonl'), '{"at":"2026-11-22T15:00:00.000Z","chan');
    await start();
    expect(endpoint.inbox.entries().map(({ body }) => body)).toEqual(['whole']);
    await publish({ PhoneNumber: PHONE, Message: 'next' });
    await stop();
    await start();
    expect(endpoint.inbox.entries().map(({ body }) => body)).toEqual(['whole', 'next']);
  });

  it('names the line of a file that holds something else', async () => {
    await stop();
    appendFileSync(join(directory, 'inbox.jsonl'), '{"at":1}\n');
    await expect(
      startSnsEndpoint({ port: 0, region: 'eu-west-1', directory, now: () => NOW_MS }),
    ).rejects.toThrow(/inbox\.jsonl line 1/);
    rmSync(join(directory, 'inbox.jsonl'));
    await start();
  });
});

it('takes the next free port when the one asked for is busy, and says which', async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', () => resolve()));
  const address = blocker.address();
  const busy = typeof address === 'object' && address !== null ? address.port : 0;
  const second = await startSnsEndpoint({ port: busy, region: 'eu-west-1', now: () => NOW_MS });
  expect(second.port).toBeGreaterThan(busy);
  expect(second.url).toBe(`http://127.0.0.1:${second.port}`);
  await second.close();
  blocker.close();
});
