import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../lib/adapters/clock.ts';
import { openStack } from '../../lib/cli/open-stack.ts';
import { runProgram } from '../../lib/cli/program.ts';
import { writeEndpoints } from '../../lib/local/endpoints.ts';
import { startFaultyProxy } from '../contract/faulty-proxy.ts';
import { createTable, type LocalServer, localClient, startDynalite } from '../contract/local-table.ts';
import { scratchFolder } from '../end-to-end/local-process.ts';

const ALERTS = `version: 1
stack: { name: seen-alerts, region: eu-north-1 }
apps: [{ client: c-1, app: "1" }]
receivers: { me: { email: [me@example.com] } }
rules: { hello: { when: { keyword: hello }, notify: [me] } }
`;
const NOBODY = 'http://127.0.0.1:9';

let server: LocalServer;
let folder: string;
let config: string;

beforeAll(async () => {
  server = await startDynalite();
  const client = localClient(server.endpoint);
  await createTable(client, 'seen-alerts-state');
  client.destroy();
});
afterAll(() => server.close());

beforeEach(() => {
  const scratch = scratchFolder();
  folder = scratch.path;
  config = join(folder, 'alerts.yaml');
  writeFileSync(config, ALERTS);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', server.endpoint);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  // Whoever runs the tests may have credentials: no file of theirs is looked at, and no metadata service asked.
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'none'));
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'none'));
  return () => {
    vi.unstubAllEnvs();
    scratch.remove();
  };
});

/** What `failed list` with these options says, to whom, and how it ends. */
async function list(...options: readonly string[]) {
  const said: string[] = [];
  const complaints: string[] = [];
  const complain = (line: string): void => {
    complaints.push(line);
  };
  const code = await runProgram(['failed', 'list', ...options], {
    clock: systemClock(),
    say: (line) => said.push(line),
    complain,
    confirm: undefined,
    open: (location) => openStack(location, complain),
  });
  return { code, said: said.join('\n'), complaints: complaints.join('\n') };
}

/** A data folder as a local run leaves it; another process counts as running that is there. */
function localRun(url: string, pid: number = process.ppid): string {
  writeEndpoints(folder, {
    config,
    signals: { url: NOBODY },
    dynamodb: { url, table: 'seen-alerts-state' },
    sns: { url: NOBODY },
    region: 'eu-west-1',
  });
  const file = join(folder, 'endpoints.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace(`"pid": ${process.pid}`, `"pid": ${pid}`));
  return folder;
}

describe('a stack in AWS', () => {
  it('is found by the name and region of its file', async () => {
    expect(await list('--config', config)).toMatchObject({ code: 0, complaints: '' });
  });

  it('without a region in its file: the one that is used is named', async () => {
    writeFileSync(config, ALERTS.replace(', region: eu-north-1', ''));
    vi.stubEnv('AWS_REGION', 'eu-south-1');
    const { code, complaints } = await list('--config', config);
    expect(code).toBe(0);
    expect(complaints).toContain('using eu-south-1');
    expect(await list('--config', config, '--region', 'eu-west-3')).toMatchObject({ complaints: '' });
  });

  it.for([
    {
      name: 'whose table is not there',
      says: 'expected the table other-state in eu-north-1, but it is not there',
      prepare: () => writeFileSync(config, ALERTS.replace('seen-alerts', 'other')),
    },
    {
      name: 'without credentials',
      says: 'expected AWS credentials, found none that can be used',
      prepare: () => {
        vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
        vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
      },
    },
    {
      name: 'that cannot be reached',
      says: 'expected an answer of DynamoDB in eu-north-1, but it cannot be reached (ECONNREFUSED)',
      prepare: () => vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', NOBODY),
    },
    {
      name: 'whose file is wrong',
      says: 'alerts.yaml:5',
      prepare: () => writeFileSync(config, ALERTS.replace('notify: [me]', 'notify: [you]')),
    },
    {
      name: 'whose file is missing',
      says: 'no such file',
      prepare: () => {
        config = join(folder, 'missing.yaml');
      },
    },
  ])('$name: one sentence, exit 1', async ({ says, prepare }) => {
    prepare();
    const { code, complaints } = await list('--config', config);
    expect(code).toBe(1);
    expect(complaints).toContain(says);
    expect(complaints.split('\n')).toHaveLength(1);
  });

  it.for([
    { ends: 'denied', says: 'may not use it (injected: denied); docs/deploy.md lists the permissions' },
    { ends: 'validation', says: 'could not be used (ValidationException: injected: validation)' },
  ] as const)('that answers "$ends": one sentence, exit 1', async ({ ends, says }) => {
    const proxy = await startFaultyProxy(server.endpoint);
    onTestFinished(() => proxy.close());
    proxy.inject('Query', [{ kind: 'lost', ends }]);
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', proxy.endpoint);
    const { code, complaints } = await list('--config', config);
    expect(code).toBe(1);
    expect(complaints).toContain(`the table seen-alerts-state in eu-north-1`);
    expect(complaints).toContain(says);
  });
});

describe('a local run', () => {
  it('is found by its folder, with the file it runs, whatever the shell says of AWS', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', NOBODY);
    expect(await list('--local', localRun(server.endpoint))).toMatchObject({ code: 0, complaints: '' });
  });

  it('that has ended is not looked for: its port may be that of another', async () => {
    localRun(server.endpoint, 2 ** 30);
    const { code, complaints } = await list('--local', folder);
    expect(code).toBe(1);
    expect(complaints).toContain(
      `(process ${2 ** 30}) has ended; start it with: npm start -- --data ${folder}`,
    );
  });

  it.for([
    { name: 'nothing', text: undefined },
    { name: 'half a file', text: '{"pid": 1' },
    { name: 'what an earlier release wrote', text: '{"pid": 1}' },
  ])('whose folder holds $name: one sentence, exit 1', async ({ text }) => {
    if (text !== undefined) writeFileSync(join(folder, 'endpoints.json'), text);
    const { code, complaints } = await list('--local', folder);
    expect(code).toBe(1);
    expect(complaints).toContain('found no endpoints.json of this release');
  });
});
