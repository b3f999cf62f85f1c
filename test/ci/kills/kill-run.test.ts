import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import type { InboxLine } from '../../end-to-end/local-process.ts';
import { scratchFolder } from '../../end-to-end/local-process.ts';
import { environment, ROOT, runCommand } from '../command.ts';
import { countKills } from './count.ts';
import type { KillRun } from './kill-and-count.ts';
import type { InjectedEvent } from './watched-world.ts';

const KILLS = 20;
const RUN_MS = 360_000;

it(`${KILLS} kills of the whole process group: no alert is lost, and none repeated outside the publish gap`, {
  timeout: RUN_MS,
}, async () => {
  const { path, remove } = scratchFolder();
  try {
    const record = join(path, 'kills.json');
    const args = ['test/ci/kills/kill-run.ts', '--kills', String(KILLS), '--seed', '7', '--record', record];
    await runCommand(process.execPath, args, { cwd: ROOT, env: environment(), timeoutMs: RUN_MS });
    const figures = JSON.parse(readFileSync(record, 'utf8')) as Omit<KillRun, 'unexplained'>;
    expect(figures).toMatchObject({ kills: KILLS, lost: 0, toldWithoutRule: 0 });
    expect(figures.repeats).toBe(figures.repeatsInGap);
    expect(figures.alertsTold).toBe(figures.alertsOwed);
    expect(figures.alertsOwed).toBeGreaterThan(KILLS * 2);
    expect(figures.killsAfterDelivery).toBeGreaterThan(0);
    expect(figures.killsWhileStarting + figures.killsWhileRunning).toBeGreaterThan(0);
  } finally {
    remove();
  }
});

describe('the count', () => {
  const KILL_MS = Date.UTC(2026, 10, 22, 12);
  const event = (mark: string, kind: InjectedEvent['kind'] = 'offer'): InjectedEvent => ({
    mark,
    id: mark,
    client: 'c-1',
    app: '100',
    kind,
  });
  const mail = (messageId: string, body: string, beforeKillMs: number): InboxLine => ({
    at: new Date(KILL_MS - beforeKillMs).toISOString(),
    channel: 'email',
    address: 'owner@example.com',
    body,
    messageId,
  });
  const counted = (events: readonly InjectedEvent[], inbox: readonly InboxLine[]) =>
    countKills({
      events,
      recorded: new Map(events.map((one) => [one, new Map([['owner/email', 'm-last'] as const])])),
      inbox,
      killsMs: [KILL_MS],
    });

  it('an event that no message names is lost', () => {
    expect(counted([event('n1x'), event('n2x')], [mail('m-last', 'n1x', 9_000)])).toMatchObject({
      alertsOwed: 2,
      alertsTold: 1,
      lost: 1,
    });
  });

  it('a repeat is excused only when the message that was not recorded came right before a kill', () => {
    const inGap = counted([event('n1x')], [mail('m-first', 'n1x', 1_999), mail('m-last', 'n1x', -5_000)]);
    expect(inGap).toMatchObject({ lost: 0, repeats: 1, repeatsInGap: 1 });
    const outside = counted([event('n1x')], [mail('m-first', 'n1x', 2_001), mail('m-last', 'n1x', -5_000)]);
    expect(outside).toMatchObject({ lost: 0, repeats: 1, repeatsInGap: 0 });
  });

  it('a digest by SMS tells the alerts whose rows name it, and no more', () => {
    const events = [event('n1x', 'ready'), event('n2x', 'ready')];
    const digest = (count: number): InboxLine => ({
      ...mail('m-digest', `${count} alerts: ready ${count}`, 9_000),
      channel: 'sms',
      address: '+12025550123',
    });
    const both = [mail('m-mail', 'n1x n2x', 9_000)].map((line) => ({
      ...line,
      address: 'sales@example.com',
    }));
    const told = (count: number) =>
      countKills({
        events,
        recorded: new Map(
          events.map((one) => [
            one,
            new Map([
              ['sales/email', 'm-mail'],
              ['sales/sms', 'm-digest'],
            ] as const),
          ]),
        ),
        inbox: [...both, digest(count)],
        killsMs: [],
      });
    expect(told(2)).toMatchObject({ alertsOwed: 4, lost: 0, repeats: 0 });
    expect(told(3)).toMatchObject({ lost: 0, repeats: 1, repeatsInGap: 0 });
  });

  it('an event that no rule matches must not be told', () => {
    expect(counted([event('n1x', 'other')], [mail('m', 'n1x', 0)])).toMatchObject({ toldWithoutRule: 1 });
  });
});
