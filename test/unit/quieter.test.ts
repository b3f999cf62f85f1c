import { describe, expect, it } from 'vitest';
import type { Rule } from '../../lib/domain/alert-config.ts';
import { appKey, hashEvent, targetOf } from '../../lib/domain/identity.ts';
import { formatKey, rowKey } from '../../lib/domain/ledger-row.ts';
import { alertConfig, appOf, receiver, rule, smsTo } from '../fixtures/alert-config.ts';
import { smallWorld } from '../fixtures/small-world.ts';

const SPOT = appKey('c-123', '72822');
const EMAIL = targetOf('sales', 'email');
const SMS = targetOf('sales', 'sms');
const MINUTE = 60_000;
const COOLING: Rule = { ...rule('order', ['sales']), cooldown: { forMs: 30 * MINUTE, per: 'lead' } };

async function started(config = alertConfig({ apps: [appOf('c-123', '72822')], rules: [COOLING] })) {
  const small = smallWorld(config);
  await small.poll();
  small.minute();
  return small;
}

type Limits = ReturnType<typeof smsTo>['limits'];

/** One receiver whose SMS are limited; what an SMS costs is some 20,000 micro-USD. */
function limited(limits: Partial<Limits>, email: readonly string[] = ['sales@example.com']) {
  const sms = { ...smsTo('+12025550123'), limits: { ...smsTo().limits, ...limits } };
  const sales = receiver('sales', { email: email.length === 0 ? undefined : { to: email }, sms });
  return alertConfig({
    apps: [appOf('c-123', '72822')],
    receivers: [sales],
    rules: [rule('order', ['sales'])],
  });
}

describe('a rule with a cooldown', () => {
  it('tells a lead’s first event, names it in the rows of the next ones, and tells again when it is over', async () => {
    const { world, poll, happen, minute, bodies } = await started();
    const first = happen(SPOT, 'e-1', 'one');
    const second = happen(SPOT, 'e-2', 'two', -1_000);
    await poll();
    minute();
    happen(SPOT, 'e-3', 'three', -28 * MINUTE);
    await poll();
    expect(bodies(SMS)).toHaveLength(1);
    const row = await world.ledger.rows.read(rowKey(SPOT, hashEvent(second), 'order'));
    const by = formatKey(rowKey(SPOT, hashEvent(first), 'order'));
    expect(row?.to[SMS]).toMatchObject({ is: 'suppressed', because: 'cooldown', by });
    expect(row?.to[EMAIL]).toMatchObject({ is: 'suppressed', because: 'cooldown', by });
    expect(row?.expiresAtS).toBeGreaterThan(0);
    expect(world.counts.get('Suppressed')).toBe(4);
  });

  it('tells other leads, and events without a number', async () => {
    const { poll, happen, bodies } = await started();
    happen(SPOT, 'e-1', 'one');
    happen(SPOT, 'e-2', 'two', 0, { phone: '+12025550124' });
    happen(SPOT, 'e-3', 'three', 0, { phone: undefined });
    happen(SPOT, 'e-4', 'four', 0, { phone: undefined });
    await poll();
    expect(bodies(SMS)).toHaveLength(4);
  });

  it('takes no share of a storm for what it keeps quiet', async () => {
    const { world, poll, happen, bodies } = await started();
    world.pace = { ...world.pace, publisherCount: 10 };
    for (const id of ['a', 'b', 'c', 'd']) happen(SPOT, `quiet-${id}`, 'again');
    happen(SPOT, 'other', 'other', -2_000, { phone: '+12025550124' });
    await poll();
    expect(bodies(SMS)).toHaveLength(2);
  });

  it('holds what a storm holds, and does not start twice for it', async () => {
    const { world, poll, flush, happen, minute, bodies } = await started();
    world.pace = { ...world.pace, publisherCount: 20 };
    happen(SPOT, 'e-1', 'one');
    happen(SPOT, 'e-2', 'two', 0, { phone: '+12025550124' });
    await poll();
    expect(bodies(SMS)).toHaveLength(1);
    minute();
    await flush();
    expect(bodies(SMS)).toHaveLength(2);
  });

  it('is decided by the next holder when its item cannot be read, and nothing is told before', async () => {
    const { world, poll, happen, minute, bodies } = await started();
    const { read } = world.ledger.cooldowns;
    world.ledger = {
      ...world.ledger,
      cooldowns: { ...world.ledger.cooldowns, read: () => Promise.reject(new Error('throttled')) },
    };
    happen(SPOT, 'e-1', 'one');
    await expect(poll()).rejects.toThrow('1 of 1 apps failed');
    expect(bodies()).toEqual([]);
    world.ledger = { ...world.ledger, cooldowns: { ...world.ledger.cooldowns, read } };
    minute();
    await poll();
    expect(bodies(SMS)).toHaveLength(1);
  });
});

describe('SMS to one receiver', () => {
  it('beyond those of an hour wait for the next one and come as one; e-mail goes on', async () => {
    const { world, poll, flush, happen, minute, bodies } = await started(limited({ hourlyMax: 2 }));
    for (const id of ['e-1', 'e-2', 'e-3']) happen(SPOT, id, id);
    await poll();
    minute();
    await flush();
    expect([bodies(SMS).length, bodies(EMAIL).length]).toEqual([1, 3]);
    world.nowMs += 60 * MINUTE;
    await flush();
    expect(bodies(SMS)).toHaveLength(2);
    expect(bodies(SMS)[1]).toMatch(/^2 alerts/);
  });

  it('beyond the budget of the month are left to the e-mail', async () => {
    const { world, poll, happen, bodies } = await started(limited({ monthlyMicroUsd: 20_000 }));
    const events = ['e-1', 'e-2'].map((id) => happen(SPOT, id, id));
    await poll();
    expect([bodies(SMS).length, bodies(EMAIL).length]).toEqual([1, 2]);
    const rows = await Promise.all(
      events.map((event) => world.ledger.rows.read(rowKey(SPOT, hashEvent(event), 'order'))),
    );
    const states = rows.map((row) => row?.to[SMS]);
    expect(states).toContainEqual(expect.objectContaining({ is: 'suppressed', because: 'sms-budget' }));
    expect((await world.ledger.budgets.read(SMS))?.value).toMatchObject({
      hourCount: 1,
      monthMicroUsd: 20_000,
    });
  });

  it('beyond the budget of the month fail where there is no e-mail, and are listed', async () => {
    const { world, poll, happen, bodies } = await started(limited({ monthlyMicroUsd: 1 }, []));
    happen(SPOT, 'e-1', 'one');
    await poll();
    expect(bodies()).toEqual([]);
    expect(await world.ledger.failed.list(10)).toMatchObject([
      { target: SMS, because: 'the monthly SMS budget is spent, and the receiver has no e-mail' },
    ]);
  });

  it('beyond the budget of the month fail where the e-mail was left out, and are listed', async () => {
    const { world, poll, flush, happen, minute } = await started(limited({ hourlyMax: 2 }));
    const events = ['e-1', 'e-2'].map((id) => happen(SPOT, id, id));
    await poll();
    const rows = await Promise.all(
      events.map((event) => world.ledger.rows.read(rowKey(SPOT, hashEvent(event), 'order'))),
    );
    const held = rows.find((row) => row?.to[SMS]?.is === 'held');
    if (held === undefined) throw new Error('no SMS is held');
    const left = { is: 'suppressed', because: 'no-receiver', atMs: world.nowMs, by: undefined } as const;
    await world.ledger.rows.record(held.key, { [EMAIL]: left }, undefined);
    world.config = limited({ monthlyMicroUsd: 1 });
    world.nowMs += 60 * MINUTE;
    minute();
    await flush();
    expect((await world.ledger.rows.read(held.key))?.to[SMS]).toMatchObject({ is: 'failed' });
    expect(await world.ledger.failed.list(10)).toHaveLength(1);
  });

  it('are reserved in turn: many at once are no reason to hold one back', async () => {
    const apps = Array.from({ length: 16 }, (_, index) => appOf('c-123', `${index}`));
    const { world, poll, happen, bodies } = await started({ ...limited({}), apps });
    for (const app of apps) happen(app.key, `e-${app.app}`, 'one');
    await poll();
    expect(bodies(SMS)).toHaveLength(10);
    const states = await Promise.all(
      apps.map((app) =>
        world.ledger.rows.read(rowKey(app.key, hashEvent({ id: `e-${app.app}`, canonical: '' }), 'order')),
      ),
    );
    expect(
      states
        .map((row) => row?.to[SMS])
        .filter((state) => state?.is === 'held' && state.because === 'refused'),
    ).toEqual([]);
  });

  it('are not published when they cannot be reserved, and what went by e-mail is recorded', async () => {
    const { world, poll, flush, happen, minute, bodies } = await started(limited({}));
    const { swap } = world.ledger.budgets;
    world.ledger = {
      ...world.ledger,
      budgets: { ...world.ledger.budgets, swap: () => Promise.reject(new Error('down')) },
    };
    happen(SPOT, 'e-1', 'one');
    await poll();
    expect([bodies(SMS).length, bodies(EMAIL).length]).toEqual([0, 1]);
    world.ledger = { ...world.ledger, budgets: { ...world.ledger.budgets, swap } };
    minute();
    await flush();
    expect([bodies(SMS).length, bodies(EMAIL).length]).toEqual([1, 1]);
  });

  it('are reserved once where plain text goes out in place of a refused one', async () => {
    const { world, poll, happen, bodies } = await started(limited({}));
    world.outcomes = (_target, message) =>
      message.body.startsWith('Alert: rule')
        ? { kind: 'accepted', messageId: 'plain' }
        : { kind: 'refused', heals: false, because: 'InvalidParameter' };
    happen(SPOT, 'e-1', 'one');
    await poll();
    expect(bodies(SMS)).toHaveLength(1);
    expect((await world.ledger.budgets.read(SMS))?.value.hourCount).toBe(1);
  });
});

describe('what an outage brings up', () => {
  it('is told as a digest beyond three, and says that it is delayed', async () => {
    const { poll, flush, happen, minute, bodies } = await started(limited({}));
    for (let index = 0; index < 6; index += 1) happen(SPOT, `old-${index}`, 'old', 0);
    for (let count = 0; count < 61; count += 1) minute();
    await poll();
    expect(bodies(EMAIL)).toHaveLength(3);
    expect(bodies(EMAIL)[0]).toContain('Delayed: this happened 1 h');
    minute();
    await flush();
    expect(bodies(EMAIL)).toHaveLength(4);
    expect(bodies(EMAIL)[3]).toContain('3 alerts for');
    expect(bodies(SMS)[3]).toMatch(/^3 alerts/);
  });
});
