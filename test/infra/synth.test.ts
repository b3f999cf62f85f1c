import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const SCRATCH = mkdtempSync(join(tmpdir(), 'synth-'));
afterAll(() => rmSync(SCRATCH, { recursive: true, force: true }));

const VALID = `version: 1
stack: { name: spot-alerts, region: eu-west-1 }
apps: [{ client: c-123, app: "72822", name: Spot Store }]
receivers: { sales: { email: [sales@example.com], sms: ["+12025550123"] } }
rules: { ready-to-order: { when: { keyword: ["I'm ready to order"] }, notify: [sales] } }
`;
const CROWDED = VALID.replace(
  '[sales@example.com]',
  `[${Array.from({ length: 600 }, (_, n) => `p${n}@example.com`).join(', ')}]`,
);

describe('cdk synth', () => {
  it('makes both stacks without credentials, findings or Docker, and the same assets twice', () => {
    const first = synth('first', VALID);
    expect(first).toMatchObject({ code: 0 });
    const second = synth('second', VALID);
    expect(second).toMatchObject({ code: 0 });
    expect(second.assets).toEqual(first.assets);
    expect(first.templates).toEqual(['spot-alerts-alerts.template.json', 'spot-alerts-state.template.json']);
    expect(first.assets).toHaveLength(2);

    for (const asset of first.assets) {
      expect(readdirSync(join(first.out, asset)).sort()).toEqual(['alerts.json', 'index.mjs']);
      const config: unknown = JSON.parse(readFileSync(join(first.out, asset, 'alerts.json'), 'utf8'));
      expect(config).toMatchObject({ version: 1, stack: { name: 'spot-alerts' } });
    }
  });

  it('makes functions that load with nothing but their own files and the environment of the template', () => {
    const { out, assets } = synth('loaded', VALID);
    const environment = {
      PATH: withoutCredentials()['PATH'],
      AWS_REGION: 'eu-west-1',
      TABLE_NAME: 'spot-alerts-state',
      TOPIC_ARN_PREFIX: 'arn:aws:sns:eu-west-1:111122223333:spot-alerts-',
    };
    for (const asset of assets) {
      const loaded = spawnSync(
        process.execPath,
        ['-e', "import('./index.mjs').then(m => console.log(typeof m.handler))"],
        {
          cwd: join(out, asset),
          encoding: 'utf8',
          env: environment,
        },
      );
      expect(loaded).toMatchObject({ stdout: 'function\n', status: 0 });
      const code = readFileSync(join(out, asset, 'index.mjs'), 'utf8');
      expect(code.slice(0, 200), 'a library that calls require').toContain('const require=');
    }
  });

  it('of a file without a region goes to eu-west-1 when nobody has chosen one, and says so', () => {
    const { code, stderr, out } = synth('regionless', VALID.replace(', region: eu-west-1', ''));
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('using eu-west-1') });
    const manifest = readFileSync(join(out, 'manifest.json'), 'utf8');
    expect(manifest).toContain('aws://unknown-account/eu-west-1');
  });

  it.for([
    {
      name: 'a file with mistakes, each with its line',
      file: VALID.replace('notify: [sales]', 'notify: [nobody]').replace('version: 1', 'version: 2'),
      says: [/alerts\.yaml:1:\d+ .*version/, /alerts\.yaml:5:\d+ .*notify/],
    },
    {
      name: 'more addresses than one stack can hold, with limit, number and remedy',
      file: CROWDED,
      says: [/resources in one CloudFormation stack: at most 500, found 625 - .*mailing list/],
    },
    {
      name: 'a setting that makes no sense',
      file: VALID,
      context: ['-c', 'shardSize=0'],
      says: [/-c shardSize: expected a whole number from 1 to 100, found "0"/],
    },
    { name: 'a file that is not there', file: undefined, says: [/no such file/] },
  ])('synthesises nothing of $name', ({ name, file, context, says }) => {
    const refused = synth(name.replaceAll(/\W+/g, '-'), file, context);
    expect(refused.code).toBe(1);
    for (const line of says) expect(refused.stderr).toMatch(line);
    expect(refused.stderr).not.toMatch(/\n {4}at /);
    expect(refused.templates).toEqual([]);
    expect(refused.assets).toEqual([]);
  });
});

function synth(name: string, file: string | undefined, context: readonly string[] = []) {
  const folder = join(SCRATCH, name);
  const out = join(folder, 'cdk.out');
  const config = join(folder, 'alerts.yaml');
  mkdirSync(folder, { recursive: true });
  if (file !== undefined) writeFileSync(config, file);

  const cdk = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const { status, stderr } = spawnSync(
    process.execPath,
    [cdk, 'synth', '--quiet', '--output', out, '-c', `config=${config}`, ...context],
    { cwd: ROOT, encoding: 'utf8', env: withoutCredentials() },
  );
  const files = existsSync(out) ? readdirSync(out).sort() : [];
  return {
    code: status,
    stderr,
    out,
    templates: files.filter((entry) => entry.endsWith('.template.json')),
    assets: files.filter((entry) => entry.startsWith('asset.')),
  };
}

const NO_SETTINGS = {
  AWS_CONFIG_FILE: join(SCRATCH, 'none'),
  AWS_SHARED_CREDENTIALS_FILE: join(SCRATCH, 'none'),
};

/** The Node that runs the tests comes first; whatever AWS settings this machine has are left out. */
function withoutCredentials(): Readonly<Record<string, string | undefined>> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  const path = [join(ROOT, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  return { ...Object.fromEntries(kept), PATH: path, AWS_EC2_METADATA_DISABLED: 'true', ...NO_SETTINGS };
}
