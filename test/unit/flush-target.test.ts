import { describe, expect, it } from 'vitest';
import { appKey, hashEvent, targetOf } from '../../lib/domain/identity.ts';
import { rowKey } from '../../lib/domain/ledger-row.ts';
import { alertConfig, receiver, rule, smsTo } from '../fixtures/alert-config.ts';
import { smallWorld } from '../fixtures/small-world.ts';

const SPOT = appKey('c-123', '72822');
const EMAIL = targetOf('sales', 'email');
const SMS = targetOf('sales', 'sms');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const RULES = [rule('order', ['sales'], { keywords: ['order'] })];

const rowOf = (id: string) => rowKey(SPOT, hashEvent({ id, canonical: '' }), 'order');

/** A world in which SMS are limited and everything is refused for now, until a test says otherwise. */
async function refusing(hourlyMax = 1_000) {
  const sms = { ...smsTo('+12025550123'), limits: { ...smsTo().limits, hourlyMax } };
  const sales = receiver('sales', { email: { to: ['sales@example.com'] }, sms });
  const small = smallWorld(alertConfig({ receivers: [sales], rules: RULES }));
  await small.poll();
  small.minute();
  small.world.outcomes = () => ({ kind: 'refused', heals: true, because: 'Throttled' });
  const accepting = (): void => {
    small.world.outcomes = () => ({ kind: 'accepted', messageId: 'm' });
    small.world.nowMs += 3 * MINUTE;
  };
  const statesOf = async (ids: readonly string[]) => {
    const rows = await Promise.all(ids.map((id) => small.world.ledger.rows.read(rowOf(id))));
    return rows.map((row) => ({ email: row?.to[EMAIL], sms: row?.to[SMS], expiresAtS: row?.expiresAtS }));
  };
  return { ...small, accepting, statesOf };
}

describe('a row with two targets that are held', () => {
  it('expires only when both are settled', async () => {
    const { world, poll, flush, happen, accepting, statesOf } = await refusing();
    happen(SPOT, 'e-1', 'order');
    await poll();
    accepting();
    const accepted = world.outcomes;
    world.outcomes = (target, message) =>
      target === SMS ? { kind: 'refused', heals: true, because: 'Throttled' } : accepted(target, message);
    await flush();
    expect(await statesOf(['e-1'])).toMatchObject([
      { email: { is: 'sent' }, sms: { is: 'held' }, expiresAtS: undefined },
    ]);
    world.outcomes = accepted;
    world.nowMs += 10 * MINUTE;
    await flush();
    const [settled] = await statesOf(['e-1']);
    expect(settled).toMatchObject({ email: { is: 'sent' }, sms: { is: 'sent' } });
    expect(settled?.expiresAtS).toBeGreaterThan(world.nowMs / 1000);
  });
});

describe('a reminder whose row is settled already', () => {
  it('lets the row expire, if whoever settled it died before that, and goes', async () => {
    const { world, poll, flush, happen, accepting } = await refusing();
    accepting();
    happen(SPOT, 'e-1', 'order');
    await poll();
    const row = await world.ledger.rows.read(rowOf('e-1'));
    const expired: number[] = [];
    const { rows, held } = world.ledger;
    const unexpired = row && { ...row, expiresAtS: undefined };
    world.ledger = {
      ...world.ledger,
      rows: {
        ...rows,
        read: async () => unexpired,
        expire: async (_key, expiresAtS) => {
          expired.push(expiresAtS);
        },
      },
    };
    await held.put({ untilMs: world.nowMs, target: EMAIL, key: rowOf('e-1') });
    await flush();
    expect(expired).toEqual([Math.ceil(world.nowMs / 1000) + 35 * 24 * 3_600]);
    expect(await held.listDue(world.nowMs + HOUR, 10)).toEqual([]);
    expect(world.published).toHaveLength(2);
  });
});

describe('alerts beyond the SMS of an hour', () => {
  it('come together when the next one begins, however few, while e-mails come one by one', async () => {
    const { world, poll, flush, happen, accepting, statesOf, bodies } = await refusing(2);
    accepting();
    for (const id of ['e-1', 'e-2', 'e-3']) happen(SPOT, id, `order ${id}`);
    await poll();
    expect(bodies(SMS)).toHaveLength(1);
    expect(bodies(EMAIL)).toHaveLength(3);
    expect((await statesOf(['e-2', 'e-3'])).map(({ sms }) => sms)).toMatchObject(
      Array(2).fill({ is: 'held', because: 'sms-hour' }),
    );
    world.nowMs += HOUR;
    await flush();
    expect(bodies(SMS)).toHaveLength(2);
    expect(bodies(SMS).at(-1)).toMatch(/^2 alerts/);
    expect(await statesOf(['e-2', 'e-3'])).toMatchObject(
      Array(2).fill({ sms: { is: 'sent', alertCount: 2 } }),
    );
  });

  it('are not tried one after the other when the hour is over for them: the rest waits as well', async () => {
    const { world, poll, flush, happen, accepting, statesOf, bodies } = await refusing(3);
    for (const id of ['e-1', 'e-2', 'e-3']) happen(SPOT, id, `order ${id}`);
    await poll();
    accepting();
    await flush();
    const sent = bodies(SMS).length;
    expect(sent).toBeLessThan(3);
    const states = (await statesOf(['e-1', 'e-2', 'e-3'])).map(({ sms }) => sms);
    expect(states.filter((state) => state?.is === 'sent')).toHaveLength(sent);
    expect(states.filter((state) => state?.is === 'held')).toHaveLength(3 - sent);
    world.nowMs += 2 * HOUR;
    await flush();
    expect((await statesOf(['e-1', 'e-2', 'e-3'])).map(({ sms }) => sms?.is)).toEqual(Array(3).fill('sent'));
  });
});

describe('when no time is left within a digest', () => {
  it('what was not begun stays held and due', async () => {
    const { world, poll, flush, happen, accepting, statesOf } = await refusing();
    happen(SPOT, 'e-1', 'order one', 2_000);
    happen(SPOT, 'e-2', 'order two', 1_000);
    await poll();
    const before = await statesOf(['e-2']);
    accepting();
    const killAtMs = world.nowMs + 50_000;
    world.outcomes = () => {
      world.nowMs = killAtMs - 5_000;
      return { kind: 'accepted', messageId: 'm' };
    };
    await flush();
    const [first, second] = await statesOf(['e-1', 'e-2']);
    expect([first?.email, first?.sms].map((state) => state?.is)).toContain('sent');
    expect(second).toEqual(before[0]);
  });
});

describe('a failure that cannot be listed', () => {
  it('leaves the row held and the tick failed', async () => {
    const { world, poll, flush, happen, accepting, statesOf } = await refusing();
    happen(SPOT, 'e-1', 'order');
    await poll();
    accepting();
    world.outcomes = () => ({ kind: 'refused', heals: false, because: 'InvalidParameter' });
    const unlisted = { ...world.ledger.failed, put: async () => Promise.reject(new Error('throttled')) };
    world.ledger = { ...world.ledger, failed: unlisted };
    await expect(flush()).rejects.toThrow('2 parts of the digest failed');
    expect(await statesOf(['e-1'])).toMatchObject([{ email: { is: 'held' }, sms: { is: 'held' } }]);
  });
});
