import { join } from 'node:path';
import { environment, ROOT, runCommand } from '../command.ts';
import { freePort, type GuardedProcess, startGuarded } from '../guarded-process.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const VENV = join(ROOT, '.cache', 'ci', 'ministack');

const INSTALL_TIMEOUT_MS = 180_000;
const START_TIMEOUT_MS = 60_000;

export const REGION = 'eu-west-1';
export const ACCOUNT = '000000000000';

/** An empty AWS account on this machine. */
export type Cloud = {
  readonly endpoint: string;
  /** For the CDK and the SDKs: everything goes to the endpoint. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The end of its log. */
  log(): string;
  close(): Promise<void>;
};

/** Installs and starts ministack; its files go to `scratch`. @throws Error when there is no Python. */
export async function startMinistack(scratch: string): Promise<Cloud> {
  await install();
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const plain = environment();
  // The functions inherit this environment. Their SDKs find the endpoint because ministack sets AWS_ENDPOINT_URL.
  const env = { ...plain, BIND_HOST: '127.0.0.1', GATEWAY_PORT: String(port), TMPDIR: scratch };
  const command = [join(VENV, 'bin', 'python'), '-m', 'ministack'];
  const server = startGuarded(command, { cwd: scratch, env }, join(scratch, 'ministack.log'));
  await ready(server, `${endpoint}/_localstack/health`);
  return {
    endpoint,
    env: {
      ...plain,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_REGION: REGION,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_S3: endpoint,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CDK_DISABLE_VERSION_CHECK: 'true',
      // No profile, and no account the CDK remembers from another time.
      HOME: scratch,
    },
    log: server.log,
    close: server.stop,
  };
}

async function install(): Promise<void> {
  const options = { cwd: ROOT, env: environment(), timeoutMs: INSTALL_TIMEOUT_MS };
  await runCommand('python3', ['-m', 'venv', VENV], options);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes'];
  await runCommand(join(VENV, 'bin', 'python'), [...pip, '-r', REQUIREMENTS], options);
}

async function ready(server: GuardedProcess, healthUrl: string): Promise<void> {
  try {
    await server.answers(healthUrl, (status) => status === 200, START_TIMEOUT_MS);
  } catch (error) {
    await server.stop();
    throw error;
  }
}
