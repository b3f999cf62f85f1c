import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startFakeSignals } from '../../lib/local/fake-signals/server.ts';
import {
  eventually,
  type LocalProcess,
  readInbox,
  scratchFolder,
  startLocal,
  writeAlerts,
} from './local-process.ts';

const running: LocalProcess[] = [];
const cleanups: (() => unknown)[] = [];

function start(args: readonly string[], env?: Record<string, string>): LocalProcess {
  const local = startLocal(args, env);
  running.push(local);
  return local;
}

function folder(): string {
  const scratch = scratchFolder();
  cleanups.push(scratch.remove);
  return scratch.path;
}

afterEach(async () => {
  for (const local of running.splice(0)) {
    local.child.kill('SIGKILL');
    await local.exit;
  }
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Sends the fake API of this run an event, as the printed command does. */
async function inject(local: LocalProcess, data: string, event: Record<string, unknown>): Promise<void> {
  const url = await eventually(() => fakeUrl(local, data), 15_000, local.output);
  const response = await fetch(`${url}/local/events`, { method: 'POST', body: JSON.stringify(event) });
  expect(response.status).toBe(201);
}

/** Undefined while the folder still tells of an earlier run. */
function fakeUrl(local: LocalProcess, data: string): string | undefined {
  try {
    const endpoints = JSON.parse(readFileSync(join(data, 'endpoints.json'), 'utf8')) as Endpoints;
    return endpoints.pid === local.child.pid ? endpoints.signals.url : undefined;
  } catch {
    return undefined;
  }
}

type Endpoints = { readonly pid: number; readonly signals: { readonly url: string } };

/** The apps have started once the first alert is there: an event before that would be history. */
async function firstAlert(local: LocalProcess, data: string): Promise<void> {
  await eventually(() => readInbox(data)[0], 15_000, local.output);
}

describe('npm start', () => {
  it('--once shows the first alert as e-mail and as SMS, and ends well', async () => {
    const local = start(['--once', '--every', '0.5']);
    expect(await local.exit).toBe(0);
    expect(local.output()).toContain('E-mail to sales@example.com');
    expect(local.output()).toContain('SMS to +12025550123');
    expect(local.output()).toContain('Rule: ready-to-order');
    expect(local.output()).toMatch(/curl http:\/\/127\.0\.0\.1:\d+\/local\/events -d/);
  });

  it("--once with a file of one's own waits for the channels its rules use, and shows how to match it", async () => {
    const config = join(folder(), 'mine.yaml');
    writeFileSync(
      config,
      `version: 1
apps: [{ client: c-9, app: "9" }]
receivers: { me: { email: [me@example.com] }, nobody: { sms: ["+12025550124"] } }
rules: { mine: { when: { keyword: "où est l'offre" }, notify: [me] } }
`,
    );
    const local = start(['--once', '--every', '0.5', '--config', config]);
    expect(await local.exit).toBe(0);
    expect(local.output()).toContain('Watching c-9/9 (1 app) with 1 rule.');
    expect(local.output()).toContain('No rule notifies anybody by SMS.');
    expect(local.output()).toContain('E-mail to me@example.com');
    expect(local.output()).toMatch(/curl .*où est l/);
  });

  it('tells an injected event by e-mail and SMS, and an edited keyword works after a restart', async () => {
    const data = folder();
    const config = writeAlerts(folder(), (sample) => sample);
    const first = start(['--data', data, '--config', config, '--every', '0.5']);
    await firstAlert(first, data);
    await inject(first, data, { text: 'quero comprar hoje 4711' });
    const told = () => {
      const bodies = readInbox(data).filter((entry) => entry.body.includes('4711'));
      return new Set(bodies.map((entry) => entry.channel)).size === 2 ? bodies : undefined;
    };
    expect(await eventually(told, 15_000, first.output)).toHaveLength(2);
    first.child.kill('SIGINT');
    expect(await first.exit).toBe(0);

    writeAlerts(config.replace('/alerts.yaml', ''), (sample) =>
      sample.replace('quero comprar', 'me gustaria'),
    );
    const second = start(['--data', data, '--config', config, '--every', '0.5']);
    await inject(second, data, { text: 'me gustaría el 4712' });
    const later = () => readInbox(data).find((entry) => entry.body.includes('4712'));
    await eventually(later, 15_000, second.output);
    expect(readInbox(data).filter((entry) => entry.body.includes('4711'))).toHaveLength(2);
  });

  it('killed at any moment and started again, it loses no alert', async () => {
    const data = folder();
    const ids = Array.from({ length: 6 }, (_, index) => `order-${index}-x`);
    let local = start(['--data', data, '--every', '0.2']);
    await firstAlert(local, data);
    for (const id of ids) {
      await inject(local, data, { text: `I'm ready to order ${id}` });
      local.child.kill('SIGKILL');
      await local.exit;
      local = start(['--data', data, '--every', '0.2']);
    }
    const missing = () => {
      const bodies = readInbox(data).map((entry) => `${entry.channel} ${entry.body}`);
      const lost = ids.filter(
        (id) =>
          !['email', 'sms'].every((channel) =>
            bodies.some((body) => body.startsWith(channel) && body.includes(id)),
          ),
      );
      return lost.length === 0 ? true : undefined;
    };
    await eventually(missing, 70_000, () => `${local.output()}\n${JSON.stringify(readInbox(data))}`);
  }, 120_000);
});

describe('bad input', () => {
  it('an invalid file: every mistake with its place, exit 1, nothing started', async () => {
    const config = writeAlerts(folder(), (sample) =>
      sample.replace('sales@example.com', 'sales-at-example').replace('notify: [sales]', 'notify: [sails]'),
    );
    const local = start(['--config', config]);
    expect(await local.exit).toBe(1);
    expect(local.output()).toMatch(/alerts\.yaml:\d+:\d+.*sales-at-example/s);
    expect(local.output()).toContain('did you mean "sales"');
    expect(local.output()).not.toContain('Watching');
  });

  it('a Signals API that refuses the token: one tick, the reason, exit 1', async () => {
    const fake = await startFakeSignals({
      apps: [{ client: 'c-123', app: '72822', name: 'Spot Store' }],
      token: 'right',
      port: 0,
      now: () => Date.now(),
      traffic: false,
    });
    cleanups.push(fake.close);
    const refused = start(['--once', '--signals', fake.url], { SIGNALS_TOKEN: 'wrong' });
    expect(await refused.exit).toBe(1);
    expect(refused.output()).toContain('401');
    expect(refused.output()).toContain('check the token');
    expect(refused.output()).not.toContain('tried again');
    expect(refused.output()).not.toContain('wrong');
    const without = start(['--once', '--signals', fake.url], { SIGNALS_TOKEN: '' });
    expect(await without.exit).toBe(1);
    expect(without.output()).toContain('SIGNALS_TOKEN');
  });

  it('a data folder in use: says by whom, exit 1', async () => {
    const data = folder();
    const first = start(['--data', data]);
    await eventually(() => (first.output().includes('Ctrl-C') ? true : undefined), 15_000, first.output);
    const second = start(['--data', data]);
    expect(await second.exit).toBe(1);
    expect(second.output()).toContain(`process ${first.child.pid}`);
  });

  it.for([
    { name: 'that is a file', file: '', says: 'it is a file' },
    { name: 'below a file', file: '', below: 'deeper', says: 'part of it is a file' },
    { name: 'with a damaged inbox', file: 'inbox.jsonl', says: 'inbox.jsonl line 1 is not JSON' },
    { name: 'with damaged topics', file: 'topics.jsonl', says: 'topics.jsonl line 1 is not JSON' },
    { name: 'with a damaged fake world', file: 'events.jsonl', says: 'events.jsonl line 1 is not JSON' },
  ])('a data folder $name: one sentence, exit 1', async ({ file, below, says }) => {
    const data = file === '' ? join(folder(), 'file') : folder();
    writeFileSync(join(data, file), '{"half\n');
    const local = start(['--data', join(data, below ?? '')]);
    expect(await local.exit).toBe(1);
    expect(local.output()).toContain(says);
    expect(local.output().trimEnd().split('\n')).toHaveLength(1);
  });

  it('a busy port: the next free one, named', async () => {
    const blocker = createServer();
    const taken = await new Promise<boolean>((resolve) => {
      blocker.once('error', () => resolve(true));
      blocker.listen(4360, '127.0.0.1', () => resolve(true));
    });
    expect(taken).toBe(true);
    cleanups.push(() => blocker.close());
    const local = start([]);
    await eventually(() => (local.output().includes('Ctrl-C') ? true : undefined), 15_000, local.output);
    expect(local.output()).toMatch(/Port 4360 \(signals\) is taken; using 43\d\d/);
  });
});
