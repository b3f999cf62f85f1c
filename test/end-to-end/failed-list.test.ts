import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadAlerts } from '../../lib/config/load.ts';
import { writeEndpoints } from '../../lib/local/endpoints.ts';
import { type LocalStack, startLocalStack } from '../../lib/local/stack.ts';
import { tickOnce } from '../../lib/local/ticks.ts';
import { readInbox, scratchFolder } from './local-process.ts';

const run = promisify(execFile);
const CONFIG = 'alerts.yaml';

let stack: LocalStack;
let folder: ReturnType<typeof scratchFolder>;

/** The stack of a local run in this process, so that its SNS endpoint can be made to refuse. */
beforeEach(async () => {
  folder = scratchFolder();
  const loaded = loadAlerts(CONFIG);
  if (loaded.kind === 'invalid') throw new Error('the sample file is wrong');
  const { config } = loaded;
  stack = await startLocalStack({ config, tickMs: 200, directory: folder.path, signals: undefined });
  writeEndpoints(folder.path, { config: join(process.cwd(), CONFIG), ...stack.endpoints });
});

afterEach(async () => {
  await stack.close();
  folder.remove();
});

/** The command as `npx` starts it, and what it says. @throws an error with `code` and `stderr` unless it ends well. */
async function cli(...words: readonly string[]): Promise<string> {
  const args = ['lib/cli/signals-alerts.mjs', ...words, '--local', folder.path];
  const { stdout } = await run(process.execPath, args, { env: { ...process.env, NO_COLOR: '1' } });
  return stdout;
}

async function tickUntil(isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let count = 0; count < 40; count += 1) {
    expect(await tickOnce(stack.handlers, stack.shardCount)).toEqual([]);
    if (await isSo()) return;
  }
  throw new Error('not within forty ticks');
}

/** Makes the entries so much older: just listed, an entry may be about to be recorded, and is left. */
async function grow(olderMs: number): Promise<void> {
  const { failed } = stack.ledger;
  for (const item of await failed.list(100)) {
    await failed.put({ ...item, atMs: item.atMs - olderMs });
    await failed.remove(item);
  }
}

async function happen(event: Record<string, unknown>): Promise<void> {
  const url = `${stack.fake?.url}/local/events`;
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(event) });
  expect(response.status).toBe(201);
}

it('the failed list shows what SNS refused for good, and sends it once SNS takes it', async () => {
  expect(await cli('failed', 'list')).toContain('the list is empty');

  // Its apps start with the first tick: an event before that would be history.
  await tickOnce(stack.handlers, stack.shardCount);
  stack.faults.refuseNext({ code: 'InvalidParameter', status: 400, times: 10_000 });
  await happen({ text: 'quero comprar 4711' });
  await tickUntil(async () => (await stack.ledger.failed.list(10)).length >= 2);

  const list = await cli('failed', 'list');
  expect(list).toContain('sales by SMS - Spot Store, rule ready-to-order (Ref ');
  expect(list).toContain('Why: InvalidParameter');
  expect(list).not.toContain('4711');
  const references = [...list.matchAll(/Ref ([\da-f]{2}-[\da-f]{8})/g)].map(([, reference]) => reference);
  expect(references.length).toBeGreaterThanOrEqual(2);
  await expect(cli('failed', 'retry', 'all')).rejects.toMatchObject({ code: 2 });

  stack.faults.clear();
  await expect(cli('failed', 'retry', 'all', '--yes')).rejects.toMatchObject({ code: 1 });
  await grow(2 * 60_000);
  expect(await cli('failed', 'retry', 'all', '--yes')).toContain('goes out within a minute');
  expect(await cli('failed', 'list')).toContain('the list is empty');
  // By SMS many alerts would come as a digest, which leaves the names to the e-mail.
  const bodiesBy = (channel: string) =>
    readInbox(folder.path).flatMap((entry) => (entry.channel === channel ? [entry.body] : []));
  const isTold = () =>
    bodiesBy('sms').length > 0 &&
    references.every((reference) => bodiesBy('email').some((body) => body.includes(String(reference))));
  await tickUntil(isTold);
  expect(readInbox(folder.path).filter(({ body }) => body.includes('4711'))).not.toEqual([]);
});
