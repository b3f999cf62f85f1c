import { Agent, createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SNSClient } from '@aws-sdk/client-sns';
import { afterAll, describe, expect, it } from 'vitest';
import { publisherClient } from '../../lib/adapters/sns/client.ts';
import { outcomeOfError } from '../../lib/adapters/sns/outcome.ts';
import { snsPublisher } from '../../lib/adapters/sns/publisher.ts';
import { topicName } from '../../lib/adapters/sns/topic-name.ts';
import { targetOf } from '../../lib/domain/identity.ts';
import type { Message } from '../../lib/domain/render/message.ts';
import type { PublishOutcome } from '../../lib/ports/publisher.ts';

const EMAIL: Message = { channel: 'email', subject: 'Spot Store: "hi"', body: 'A lead wrote é' };
const SMS: Message = { channel: 'sms', body: 'Spot Store: "hi"' };
const TOPIC_PREFIX = 'arn:aws:sns:eu-west-1:123456789012:';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const servers: Server[] = [];

// Not after each: tests that wait for a time-out run side by side.
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(
  answer: RequestListener,
): Promise<{ readonly endpoint: string; readonly bodies: readonly string[] }> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      bodies.push(body);
      answer(request, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, bodies };
}

async function publish(endpoint: string, message: Message = EMAIL): Promise<PublishOutcome> {
  const client = publisherClient({ region: 'eu-west-1', endpoint, credentials });
  const publisher = snsPublisher(client, (target) => TOPIC_PREFIX + topicName('spot', target));
  const outcome = await publisher.publish(targetOf('sales', message.channel), message);
  client.destroy();
  return outcome;
}

function xml(status: number, body: string): RequestListener {
  return (_request, response) => response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
}

function refusal(
  status: number,
  code: string,
  message = 'arn:aws:sns:eu-west-1:123456789012:spot is not what +12025550123 wanted',
): RequestListener {
  return xml(
    status,
    `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  );
}

const ACCEPTED = xml(
  200,
  '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>',
);

describe('what is sent', () => {
  it('is topic, subject and text for an e-mail', async () => {
    const { endpoint, bodies } = await listen(ACCEPTED);
    expect(await publish(endpoint)).toEqual({ kind: 'accepted', messageId: 'm-1' });
    expect(Object.fromEntries(new URLSearchParams(bodies[0]))).toEqual({
      Action: 'Publish',
      Version: '2010-03-31',
      TopicArn: 'arn:aws:sns:eu-west-1:123456789012:spot-sales-email',
      Subject: 'Spot Store: "hi"',
      Message: 'A lead wrote é',
    });
  });

  it('is topic, text and the transactional mark for an SMS', async () => {
    const { endpoint, bodies } = await listen(ACCEPTED);
    await publish(endpoint, SMS);
    expect(Object.fromEntries(new URLSearchParams(bodies[0]))).toEqual({
      Action: 'Publish',
      Version: '2010-03-31',
      TopicArn: 'arn:aws:sns:eu-west-1:123456789012:spot-sales-sms',
      Message: 'Spot Store: "hi"',
      'MessageAttributes.entry.1.Name': 'AWS.SNS.SMS.SMSType',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'Transactional',
    });
  });

  it('goes to the topic the stack has made', () => {
    expect(topicName('spot', 'sales/sms')).toBe('spot-sales-sms');
  });
});

const heals = (because: string): PublishOutcome => ({ kind: 'refused', heals: true, because });
const final = (because: string): PublishOutcome => ({ kind: 'refused', heals: false, because });
const unknown = (because: string): PublishOutcome => ({ kind: 'unknown', because });

describe('an answer of SNS, in one attempt', () => {
  it.for([
    {
      name: 'InvalidParameter',
      answer: refusal(400, 'InvalidParameter'),
      outcome: final('InvalidParameterException'),
    },
    {
      name: 'InvalidParameterValue',
      answer: refusal(400, 'ParameterValueInvalid'),
      outcome: final('InvalidParameterValueException'),
    },
    { name: 'ValidationError', answer: refusal(400, 'ValidationError'), outcome: final('ValidationError') },
    {
      name: 'a wrong topic address',
      answer: refusal(400, 'InvalidParameter', 'Invalid parameter: TopicArn'),
      outcome: heals('InvalidParameterException'),
    },
    { name: 'Throttled', answer: refusal(429, 'Throttled'), outcome: heals('ThrottledException') },
    { name: 'Throttling', answer: refusal(400, 'Throttling'), outcome: heals('Throttling') },
    {
      name: 'KMSThrottling',
      answer: refusal(400, 'KMSThrottling'),
      outcome: heals('KMSThrottlingException'),
    },
    {
      name: 'KMSAccessDenied',
      answer: refusal(400, 'KMSAccessDenied'),
      outcome: heals('KMSAccessDeniedException'),
    },
    { name: 'KMSDisabled', answer: refusal(400, 'KMSDisabled'), outcome: heals('KMSDisabledException') },
    {
      name: 'KMSInvalidState',
      answer: refusal(400, 'KMSInvalidState'),
      outcome: heals('KMSInvalidStateException'),
    },
    { name: 'KMSNotFound', answer: refusal(400, 'KMSNotFound'), outcome: heals('KMSNotFoundException') },
    {
      name: 'KMSOptInRequired',
      answer: refusal(403, 'KMSOptInRequired'),
      outcome: heals('KMSOptInRequired'),
    },
    { name: 'NotFound', answer: refusal(404, 'NotFound'), outcome: heals('NotFoundException') },
    {
      name: 'AuthorizationError',
      answer: refusal(403, 'AuthorizationError'),
      outcome: heals('AuthorizationErrorException'),
    },
    { name: 'ExpiredToken', answer: refusal(403, 'ExpiredToken'), outcome: heals('ExpiredToken') },
    {
      name: 'SignatureDoesNotMatch',
      answer: refusal(403, 'SignatureDoesNotMatch'),
      outcome: heals('SignatureDoesNotMatch'),
    },
    {
      name: 'InternalError',
      answer: refusal(500, 'InternalError'),
      outcome: unknown('InternalErrorException, server error'),
    },
    {
      name: 'ServiceUnavailable',
      answer: refusal(503, 'ServiceUnavailable'),
      outcome: unknown('ServiceUnavailable, server error'),
    },
    {
      name: 'a throttling of the server',
      answer: refusal(503, 'Throttling'),
      outcome: unknown('Throttling, server error'),
    },
    {
      name: 'a refusal nobody has heard of',
      answer: refusal(400, 'SomethingNew'),
      outcome: unknown('SomethingNew'),
    },
    {
      name: 'a name with a number in it',
      answer: refusal(400, 'Lead +12025550123'),
      outcome: unknown('not understood'),
    },
    {
      name: 'a page of a proxy',
      answer: xml(403, '<html>denied</html>'),
      outcome: unknown('not understood'),
    },
    { name: 'an empty 502', answer: xml(502, ''), outcome: unknown('not understood, server error') },
    {
      name: 'an answer without message id',
      answer: xml(200, '<PublishResponse/>'),
      outcome: unknown('answered without a message id'),
    },
    {
      name: 'half an answer',
      answer: xml(200, '<PublishResponse><PublishResult><Mess'),
      outcome: unknown('not understood'),
    },
    {
      name: 'a reset',
      answer: ((request) => request.socket.resetAndDestroy()) satisfies RequestListener,
      outcome: unknown('ECONNRESET'),
    },
    {
      name: 'a hang-up in the middle of the answer',
      answer: ((request, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('<Publish', () => request.socket.destroy());
      }) satisfies RequestListener,
      outcome: unknown('ECONNRESET'),
    },
  ])('$name', async ({ answer, outcome }) => {
    const { endpoint, bodies } = await listen(answer);
    expect(await publish(endpoint)).toEqual(outcome);
    expect(bodies).toHaveLength(1);
  });

  it.concurrent.for([
    { name: 'that does not come', answer: (() => undefined) satisfies RequestListener, because: 'ETIMEDOUT' },
    {
      name: 'that drips',
      answer: ((_request, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write(' '), 200);
        response.on('close', () => clearInterval(drip));
      }) satisfies RequestListener,
      because: 'AbortError',
    },
  ])('is given up before five seconds when it is one $name', async ({ answer, because }, { expect: see }) => {
    const { endpoint, bodies } = await listen(answer);
    const startMs = performance.now();
    see(await publish(endpoint)).toEqual(unknown(because));
    see(performance.now() - startMs).toBeLessThan(5000);
    see(bodies).toHaveLength(1);
  });
});

describe('what never reached SNS, and surely so, is refused and heals', () => {
  it.for([
    { name: 'nobody listens', endpoint: 'http://127.0.0.1:1', because: 'ECONNREFUSED' },
    {
      name: 'the name does not resolve',
      endpoint: 'http://sns.invalid',
      because: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    },
  ])('when $name', async ({ endpoint, because }) => {
    expect(await publish(endpoint)).toEqual({ kind: 'refused', heals: true, because });
  });

  it('when no connection comes about in time', async () => {
    const client = new SNSClient({
      region: 'eu-west-1',
      endpoint: 'http://sns.example.com',
      credentials,
      maxAttempts: 1,
      requestHandler: { connectionTimeout: 50, httpAgent: new Agent({ lookup: () => undefined }) },
    });
    const outcome = await snsPublisher(client, () => 'arn:aws:sns:eu-west-1:123456789012:t').publish(
      'sales/sms',
      SMS,
    );
    expect(outcome).toEqual(heals('TimeoutError'));
  });

  it('when there are no credentials', async () => {
    const client = publisherClient({
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:1',
      credentials: () =>
        Promise.reject(Object.assign(new Error('none'), { name: 'CredentialsProviderError' })),
    });
    const outcome = await snsPublisher(client, () => 'arn:aws:sns:eu-west-1:123456789012:t').publish(
      'sales/sms',
      SMS,
    );
    expect(outcome).toEqual(heals('CredentialsProviderError'));
  });

  it.for([
    {
      name: 'every address of the name refuses',
      second: { code: 'EHOSTUNREACH', syscall: 'connect' },
      outcome: heals('AggregateError'),
    },
    {
      name: 'one of them did not',
      second: { code: 'ECONNRESET', syscall: 'read' },
      outcome: unknown('AggregateError'),
    },
  ])('when $name: $outcome.kind', ({ second, outcome }) => {
    const attempts = [{ code: 'ECONNREFUSED', syscall: 'connect' }, second].map((attempt) =>
      Object.assign(new Error(attempt.code), attempt),
    );
    expect(outcomeOfError(new AggregateError(attempts))).toEqual(outcome);
  });
});

it.for([undefined, null, 'text', 7, {}, new Error('x')])(
  'takes %s thrown for an unknown outcome',
  (thrown) => {
    expect(outcomeOfError(thrown)).toEqual(unknown('not understood'));
  },
);
