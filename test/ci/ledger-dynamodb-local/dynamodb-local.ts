import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, runCommand } from '../command.ts';
import { freePort, type GuardedProcess, startGuarded } from '../guarded-process.ts';

const HERE = import.meta.dirname;
const EMULATOR = join(HERE, 'node_modules', 'amplify-dynamodb-simulator', 'emulator');

const INSTALL_TIMEOUT_MS = 120_000;
const JAVA_TIMEOUT_MS = 30_000;
const START_TIMEOUT_MS = 60_000;

export type DynamoDbLocal = { readonly endpoint: string; close(): Promise<void> };

/** Installs and starts Amazon's DynamoDB Local, in memory. @throws Error when there is no Java. */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const env = environment();
  await runCommand('java', ['-version'], { cwd: HERE, env, timeoutMs: JAVA_TIMEOUT_MS });
  await runCommand('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: HERE,
    env,
    timeoutMs: INSTALL_TIMEOUT_MS,
  });

  // It drops files where it runs.
  const scratch = mkdtempSync(join(tmpdir(), 'dynamodb-local-'));
  const port = await freePort();
  const server = startGuarded(javaCommand(port), { cwd: scratch, env }, join(scratch, 'log.txt'));
  const close = async () => {
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  };
  const endpoint = `http://127.0.0.1:${port}`;
  await ready(server, endpoint, close);
  return { endpoint, close };
}

function javaCommand(port: number): readonly string[] {
  return [
    'java',
    '-Xmx512m',
    `-Djava.library.path=${join(EMULATOR, 'DynamoDBLocal_lib')}`,
    '-jar',
    join(EMULATOR, 'DynamoDBLocal.jar'),
    '-inMemory',
    '-sharedDb',
    '-disableTelemetry',
    '-port',
    String(port),
  ];
}

async function ready(server: GuardedProcess, endpoint: string, close: () => Promise<void>): Promise<void> {
  try {
    // It refuses a request without a signature: that is an answer.
    await server.answers(endpoint, (status) => status >= 200 && status < 500, START_TIMEOUT_MS);
  } catch (error) {
    await close();
    throw error;
  }
}
