import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import process from 'node:process';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, describe, expect, it } from 'vitest';
import { ledgerClient } from '../../lib/adapters/dynamodb/client.ts';
import { dynamoLedger } from '../../lib/adapters/dynamodb/ledger.ts';
import { publisherClient } from '../../lib/adapters/sns/client.ts';
import { appKey } from '../../lib/domain/identity.ts';
import { startFakeSignals } from '../../lib/local/fake-signals/server.ts';
import { closeServer, listenOnLoopback } from '../../lib/local/loopback-http.ts';
import { startSnsEndpoint } from '../../lib/local/sns/server.ts';
import { ensureTable, startTableServer } from '../../lib/local/table.ts';
import { scratchFolder, writeAlerts } from './local-process.ts';
import { type SynthesisedFunction, synthesise } from './synthesised-stack.ts';

const TOKEN = 'made-up-token';
const REGION = 'eu-west-1';
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const TABLE = 'spot-alerts-state';
const cleanups: (() => unknown)[] = [];

afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

/** Secrets Manager, as far as one question goes. */
async function startSecrets(secretName: string, value: () => string | undefined): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const asked = (JSON.parse(body) as { readonly SecretId: string }).SecretId;
      const secret = asked === secretName ? value() : undefined;
      const answer =
        secret === undefined ? { __type: 'ResourceNotFoundException' } : { SecretString: secret };
      response.writeHead(secret === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer));
    });
  });
  const port = await listenOnLoopback(server, 0);
  cleanups.push(() => closeServer(server));
  return `http://127.0.0.1:${port}`;
}

/** Invokes a bundle once in a process of its own, as a cold start would. */
async function invoke(
  fn: SynthesisedFunction,
  input: string,
  endpoints: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [join('test', 'end-to-end', 'invoke-asset.mjs'), fn.file, input], {
    env: {
      PATH: process.env['PATH'],
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      ...fn.environment,
      ...endpoints,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

describe('the functions that cdk synth makes', () => {
  it('poll, claim and publish over the real protocols, and tell every alert once', async () => {
    const scratch = scratchFolder();
    cleanups.push(scratch.remove);
    const now = () => Date.now();
    const apps = ['c-123/72822', 'c-123/72823', 'c-456/93310'].map((key) => {
      const [client = '', app = ''] = key.split('/');
      return { client, app, name: key };
    });
    const fake = await startFakeSignals({ apps, token: TOKEN, port: 0, now, traffic: false });
    const sns = await startSnsEndpoint({ port: 0, region: REGION, now });
    const table = await startTableServer({ port: 0, directory: undefined });
    cleanups.push(fake.close, sns.close, table.close);
    let secret: string | undefined;
    const secrets = await startSecrets('signals-alerts/credentials', () => secret);
    const config = writeAlerts(scratch.path, (sample) =>
      sample.replace(/^signals:\n/m, `signals:\n  baseUrl: ${fake.url}\n`),
    );
    const stack = synthesise(config, join(scratch.path, 'cdk.out'), TABLE);

    const tableClient = ledgerClient({ region: REGION, endpoint: table.url, credentials: CREDENTIALS });
    await ensureTable(tableClient, TABLE);
    const ledger = dynamoLedger(tableClient, TABLE, { writeId: () => 'unused' });
    const client = publisherClient({ region: REGION, endpoint: sns.url, credentials: CREDENTIALS });
    for (const [name, protocol, address] of [
      ['spot-alerts-sales-email', 'email', 'sales@example.com'],
      ['spot-alerts-sales-sms', 'sms', '+12025550123'],
    ] as const) {
      expect(stack.topicNames).toContain(name);
      const { TopicArn } = await client.send(new CreateTopicCommand({ Name: name }));
      await client.send(new SubscribeCommand({ TopicArn, Protocol: protocol, Endpoint: address }));
    }

    const endpoints = {
      AWS_ENDPOINT_URL_DYNAMODB: table.url,
      AWS_ENDPOINT_URL_SNS: sns.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets,
    };
    /** What EventBridge Scheduler does every minute. */
    const tick = async (): Promise<string> => {
      let output = '';
      for (const { functionId, input } of stack.schedules) {
        const fn = stack.functions.get(functionId);
        if (fn === undefined) throw new Error(`a schedule invokes ${functionId}, which is no function`);
        const result = await invoke(fn, input, endpoints);
        expect(result).toMatchObject({ code: 0 });
        output += result.output;
      }
      return output;
    };

    expect(await tick()).toContain('secret signals-alerts/credentials does not exist');
    const refused = await ledger.apps.read(appKey('c-123', '72822'));
    expect(refused?.value.failure).toMatchObject({
      because: 'unauthorised',
      detail: expect.stringContaining('signals-alerts/credentials'),
    });
    secret = JSON.stringify({ token: TOKEN });
    await tick();
    fake.inject({ client: 'c-123', app: '72822', text: "I'm ready to order 4711" });
    const output = await tick();
    await tick();

    const told = sns.inbox.entries().map(({ channel, address, body }) => ({ channel, address, body }));
    expect(told.map(({ channel }) => channel).sort()).toEqual(['email', 'sms']);
    for (const { body } of told) expect(body).toContain('4711');
    expect(output).toContain('"Sent":[1,1]');
    expect(output).not.toContain(TOKEN);
    expect(output).not.toMatch(/\+?1?202555\d{4}/);
  });
});
