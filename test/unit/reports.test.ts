import { describe, expect, it } from 'vitest';
import { appKey, targetOf } from '../../lib/domain/identity.ts';
import { alertConfig, rule } from '../fixtures/alert-config.ts';
import { smallWorld } from '../fixtures/small-world.ts';

const SPOT = appKey('c-123', '72822');
const SMS = targetOf('sales', 'sms');
const CONFIG = alertConfig({ rules: [rule('order', ['sales'], { keywords: ['order'] })] });

/** A world whose app has started a minute ago and has nothing to report. */
async function started() {
  const small = smallWorld(CONFIG);
  await small.poll();
  small.minute();
  const { world } = small;
  world.counts.clear();
  world.logs.length = 0;
  return { ...small, counted: () => Object.fromEntries(world.counts), logs: world.logs };
}

describe('what a tick reports', () => {
  it('of an app that is new: that it has started, once', async () => {
    const { world, poll } = smallWorld(CONFIG);
    await poll();
    await poll();
    expect(world.logs).toEqual([{ level: 'info', about: { app: SPOT } }]);
  });

  it('of an alert: what was read, matched and sent, and how far behind it is', async () => {
    const { poll, happen, counted, logs } = await started();
    happen(SPOT, 'e-1', 'order');
    happen(SPOT, 'e-2', 'hello');
    await poll();
    expect(counted()).toEqual({ Polls: 1, EventsRead: 2, Matched: 1, Sent: 2, LagMs: 0 });
    expect(logs).toEqual([]);
  });

  it('of an app that cannot be read: the reason, and how long it has not been', async () => {
    const { world, poll, minute, counted, logs } = await started();
    world.failing.set(SPOT, {
      kind: 'failed',
      because: 'unavailable',
      detail: 'no answer',
      retryAtMs: undefined,
    });
    await poll();
    expect(counted()).toEqual({ Polls: 1, EventsRead: 0, PollsFailed: 1, LagMs: 60_000 });
    expect(logs).toEqual([
      { level: 'warn', about: { app: SPOT, because: 'unavailable', detail: 'no answer' } },
    ]);
    minute();
    world.counts.clear();
    await poll();
    expect(counted()).toMatchObject({ LagMs: 120_000 });
  });

  it('of a token that is not accepted: that besides, for an alarm of its own', async () => {
    const { world, poll, counted } = await started();
    world.failing.set(SPOT, { kind: 'failed', because: 'unauthorised', detail: '401', retryAtMs: undefined });
    await poll();
    expect(counted()).toMatchObject({ PollsFailed: 1, Unauthorised: 1 });
  });

  it('of records that are no events: how many', async () => {
    const { world, poll, counted, logs } = await started();
    world.oddRecords = 3;
    await poll();
    expect(counted()).toMatchObject({ EventsRead: 0, EventsQuarantined: 3 });
    expect(logs).toEqual([{ level: 'warn', about: { app: SPOT, count: 3 } }]);
  });

  it('of an API that refuses what lies ahead: what it takes, once', async () => {
    const { world, poll, minute, logs } = await started();
    world.refusesFuture = true;
    await poll();
    minute();
    await poll();
    expect(logs).toEqual([
      { level: 'warn', about: { app: SPOT, future: false, timeOfDay: true, halving: true } },
    ]);
  });

  it('of a text that SNS finds invalid: its rule and the answer', async () => {
    const { world, poll, happen, logs } = await started();
    world.outcomes = (_target, { body }) =>
      body.includes('strange')
        ? { kind: 'refused', heals: false, because: 'InvalidParameter' }
        : { kind: 'accepted', messageId: 'm' };
    happen(SPOT, 'e-1', 'a strange order');
    await poll();
    const about = { rule: 'order', because: 'InvalidParameter' };
    expect(logs).toEqual([
      { level: 'warn', about },
      { level: 'warn', about },
    ]);
  });

  it('of a delivery that was given up: its rule and the reason, and the failed list from then on', async () => {
    const { world, poll, flush, happen, counted, logs } = await started();
    world.outcomes = (target) =>
      target === SMS
        ? { kind: 'refused', heals: false, because: 'InvalidParameter' }
        : { kind: 'accepted', messageId: 'm' };
    happen(SPOT, 'e-1', 'order');
    await poll();
    expect(counted()).toMatchObject({ Sent: 1, Failed: 1 });
    expect(logs.at(-1)).toEqual({ level: 'error', about: { rule: 'order', because: 'InvalidParameter' } });
    await flush();
    expect(counted()).toMatchObject({ FailedListed: 1 });
  });

  it('of a delivery that is held: that, and when it is sent', async () => {
    const { world, poll, flush, happen, minute, counted } = await started();
    world.outcomes = () => ({ kind: 'refused', heals: true, because: 'Throttled' });
    happen(SPOT, 'e-1', 'order');
    await poll();
    expect(counted()).toMatchObject({ Held: 2 });
    expect(counted()).not.toHaveProperty('Sent');
    world.outcomes = () => ({ kind: 'accepted', messageId: 'm' });
    minute();
    await flush();
    expect(counted()).toMatchObject({ Held: 2, Sent: 2, FailedListed: 0 });
  });
});

describe('when the ledger cannot be written', () => {
  it('the tick fails after the other apps are done, and names each app', async () => {
    const { world, poll, happen, logs } = await started();
    const { apps } = world.ledger;
    world.ledger = {
      ...world.ledger,
      apps: { ...apps, swap: async () => Promise.reject(new Error('throttled')) },
    };
    happen(SPOT, 'e-1', 'order');
    await expect(poll()).rejects.toThrow('1 of 1 apps failed');
    expect(logs).toEqual([{ level: 'error', about: { app: SPOT, error: 'Error: throttled' } }]);
  });

  it('the digest fails after the failed list was counted, and says why', async () => {
    const { world, flush, poll, happen, minute, counted, logs } = await started();
    world.outcomes = () => ({ kind: 'refused', heals: true, because: 'Throttled' });
    happen(SPOT, 'e-1', 'order');
    await poll();
    minute();
    world.ledger = {
      ...world.ledger,
      leases: { ...world.ledger.leases, read: async () => Promise.reject(new Error('throttled')) },
    };
    await expect(flush()).rejects.toThrow('2 parts of the digest failed');
    expect(logs).toEqual(Array(2).fill({ level: 'error', about: { error: 'Error: throttled' } }));
    expect(counted()).toMatchObject({ FailedListed: 0 });
  });
});
