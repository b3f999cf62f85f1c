import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ledgerClient } from '../../../lib/adapters/dynamodb/client.ts';
import { dynamoLedger } from '../../../lib/adapters/dynamodb/ledger.ts';
import type { AppState } from '../../../lib/domain/app-state.ts';
import type { AppKey } from '../../../lib/domain/identity.ts';
import { type FakeSignals, startFakeSignals } from '../../../lib/local/fake-signals/server.ts';
import { ROOT, runCommand } from '../command.ts';
import { functionLogs } from './function-logs.ts';
import { type Cloud, REGION, startMinistack } from './ministack.ts';
import { createSqsInbox, type SqsInbox } from './sqs-inbox.ts';
import { requestUnsigned } from './unsigned-request.ts';

const CDK_TIMEOUT_MS = 180_000;
const TOKEN = 'made-up-token';

/** The name of the stack in the files that are deployed. */
export const STACK = 'spot-alerts';
const APP = { client: 'c-123', app: '72822', name: 'Spot Store' };

/** An AWS account on this machine, a Signals API beside it, and somebody who deploys. */
export type DeployedWorld = {
  readonly signals: FakeSignals;
  readonly inbox: SqsInbox;
  /** Runs `cdk` with these arguments and a file whose rules are these. */
  cdk(args: readonly string[], rules: string): Promise<string>;
  /** Undefined: no tick has read the app yet. */
  appState(): Promise<AppState | undefined>;
  /** Keys of the ledger rows in the table. */
  rows(): Promise<readonly string[]>;
  topics(): Promise<readonly string[]>;
  /** Lets the state stack be destroyed. */
  unprotect(): Promise<void>;
  /** What the cloud and the functions logged last. */
  log(): Promise<string>;
  close(): Promise<void>;
};

/** Starts everything, with the one secret that is made by hand; nothing is deployed yet. */
export async function startWorld(): Promise<DeployedWorld> {
  const scratch = mkdtempSync(join(tmpdir(), 'deploy-'));
  const cloud = await startMinistack(scratch);
  const signals = await startFakeSignals({
    apps: [APP],
    token: TOKEN,
    port: 0,
    now: Date.now,
    traffic: false,
  });
  const access = {
    region: REGION,
    endpoint: cloud.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const sns = new SNSClient(access);
  const table = ledgerClient(access);
  const ledger = dynamoLedger(table, `${STACK}-state`, { writeId: () => 'unused' });

  await createSecret(new SecretsManagerClient(access), signals.token);
  const inbox = await createSqsInbox(cloud, sns);

  return {
    signals,
    inbox,
    cdk: (args, rules) => runCdk({ args, cloud, scratch, alerts: alertsFile(signals.url, rules) }),
    appState: async () => (await ledger.apps.read(`${APP.client}/${APP.app}` as AppKey))?.value,
    rows: async () => {
      const { Items = [] } = await table.send(new ScanCommand({ TableName: `${STACK}-state` }));
      return Items.map(({ sk }) => sk?.S ?? '').filter((sk) => sk.startsWith('alert#'));
    },
    topics: async () => {
      const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
      return Topics.map(({ TopicArn = '' }) => TopicArn.split(':').at(-1) ?? '');
    },
    unprotect: () => unprotect(cloud),
    log: async () => `${cloud.log()}\n${await functionLogs(cloud)}`,
    close: async () => {
      await signals.close();
      await cloud.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** What docs/deploy.md does with `aws secretsmanager create-secret`: same call, same value, without the AWS CLI. */
async function createSecret(client: SecretsManagerClient, token: string): Promise<void> {
  await client.send(
    new CreateSecretCommand({ Name: 'signals-alerts/credentials', SecretString: JSON.stringify({ token }) }),
  );
}

/** What docs/deploy.md does with `aws cloudformation update-termination-protection`. */
async function unprotect(cloud: Cloud): Promise<void> {
  const request = {
    Action: 'UpdateTerminationProtection',
    Version: '2010-05-15',
    StackName: `${STACK}-state`,
    EnableTerminationProtection: 'false',
  };
  await requestUnsigned(cloud, 'cloudformation', {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(request).toString(),
  });
}

function alertsFile(baseUrl: string, rules: string): string {
  return `version: 1
stack: { name: ${STACK}, region: ${REGION} }
signals: { baseUrl: "${baseUrl}", timeZone: UTC }
apps: [{ client: ${APP.client}, app: "${APP.app}", name: ${APP.name} }]
receivers: { sales: { email: [sales@example.com], sms: ["+12025550123"] } }
rules:
${rules}
`;
}

type CdkRun = {
  readonly args: readonly string[];
  readonly cloud: Cloud;
  readonly scratch: string;
  readonly alerts: string;
};

/** As `npx cdk` would, without asking npm which one. */
async function runCdk({ args, cloud, scratch, alerts }: CdkRun): Promise<string> {
  const out = join(scratch, 'cdk.out');
  const file = join(scratch, 'alerts.yaml');
  mkdirSync(out, { recursive: true });
  writeFileSync(file, alerts);
  const cdk = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const options = ['--output', out, '-c', `config=${file}`, '-c', 'operator=ops@example.com'];
  return runCommand(process.execPath, [cdk, ...args, ...options], {
    cwd: ROOT,
    env: cloud.env,
    timeoutMs: CDK_TIMEOUT_MS,
  });
}
