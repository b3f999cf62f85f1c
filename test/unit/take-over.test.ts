import { describe, expect, it } from 'vitest';
import type { AlertConfig } from '../../lib/domain/alert-config.ts';
import { appKey, hashEvent, targetOf } from '../../lib/domain/identity.ts';
import { type AlertRow, formatKey, rowKey, type TargetStates } from '../../lib/domain/ledger-row.ts';
import { alertConfig, receiver, rule } from '../fixtures/alert-config.ts';
import { START, smallWorld } from '../fixtures/small-world.ts';

const SPOT = appKey('c-123', '72822');
const EMAIL = targetOf('sales', 'email');
const SMS = targetOf('sales', 'sms');
const MINUTE = 60_000;
const OPEN = { is: 'open' } as const;
const SENT = { is: 'sent', messageId: 'before', atMs: START, alertCount: 1 } as const;
const CONFIG = alertConfig({ rules: [rule('order', ['sales'], { keywords: ['order'] })] });

/** A world whose app has started a minute ago, and what is recorded in its rows from then on. */
async function started(config: AlertConfig = CONFIG) {
  const small = smallWorld(config);
  await small.poll();
  small.minute();
  const recorded: TargetStates[] = [];
  const { rows } = small.world.ledger;
  small.world.ledger = {
    ...small.world.ledger,
    rows: {
      ...rows,
      record: async (key, states, expiresAtS) => {
        recorded.push(states);
        await rows.record(key, states, expiresAtS);
      },
    },
  };
  return { ...small, recorded };
}

type Started = Awaited<ReturnType<typeof started>>;

/** Rows that an invocation named and claimed before it died, a while ago. */
async function leftOpen({ world }: Started, tos: readonly TargetStates[], claimedAtMs = START) {
  const left = tos.map((to, index): AlertRow => {
    const event = hashEvent({ id: `left-${index}`, canonical: '' });
    const facts = {
      ...{ app: SPOT, appName: 'Spot Store', rule: 'order', event, type: 'keyword', text: 'order' },
      ...{ phone: '+12025550123', campaignId: undefined, adId: undefined, keyword: 'order' },
      ...{ occurredAtMs: START, seenAtMs: START },
    };
    const key = rowKey(SPOT, event, 'order');
    return { key, version: 1, owner: 'dead', config: '', facts, claimedAtMs, to, expiresAtS: undefined };
  });
  for (const row of left) await world.ledger.rows.claim(row);
  const seen = await world.ledger.apps.read(SPOT);
  if (seen === undefined) throw new Error('expected a state');
  const open = left.map(({ key }) => formatKey(key));
  const leaseUntilMs = world.nowMs - 1;
  await world.ledger.apps.swap(SPOT, seen, { ...seen.value, open, owner: 'dead', leaseUntilMs });
  return {
    stateOf: async (index: number) =>
      (await world.ledger.rows.read(rowKey(SPOT, hashEvent({ id: `left-${index}`, canonical: '' }), 'order')))
        ?.to,
  };
}

describe('a row that was left open', () => {
  it('is finished where it is open; what was sent stays as it was recorded', async () => {
    const small = await started();
    const { stateOf } = await leftOpen(small, [{ [EMAIL]: OPEN, [SMS]: SENT }]);
    await small.poll();
    expect(small.world.published.map(({ target }) => target)).toEqual([EMAIL]);
    // And the app is read in the same tick.
    expect(small.world.requests).toHaveLength(2);
    expect(await stateOf(0)).toMatchObject({ [EMAIL]: { is: 'sent', messageId: 'm' }, [SMS]: SENT });
    expect(small.recorded).toEqual([{ [EMAIL]: expect.objectContaining({ is: 'sent' }) }]);
  });

  it('is held beyond the share of a storm, which is recorded before its reminder is put', async () => {
    const small = await started();
    small.world.pace = { ...small.world.pace, publisherCount: 20 };
    const one: TargetStates = { [EMAIL]: OPEN, [SMS]: SENT };
    const { stateOf } = await leftOpen(small, [one, one]);
    await small.poll();
    expect(small.world.published).toHaveLength(1);
    const states = [await stateOf(0), await stateOf(1)].map((to) => to?.[EMAIL]?.is);
    expect(new Set(states)).toEqual(new Set(['held', 'sent']));
    expect(small.recorded).toHaveLength(2);
    expect(small.recorded).toContainEqual({
      [EMAIL]: expect.objectContaining({ is: 'held', because: 'storm' }),
    });
    const due = await small.world.ledger.held.listDue(small.world.nowMs + MINUTE, 10);
    expect(due.map(({ target }) => target)).toEqual([EMAIL]);
  });

  it('is finished although its rule is no longer in the file', async () => {
    const small = await started();
    await leftOpen(small, [{ [EMAIL]: OPEN }]);
    small.world.config = { ...CONFIG, rules: [] };
    await small.poll();
    expect(small.bodies(EMAIL)).toHaveLength(1);
  });

  it('waits for a receiver that is not in the file, and is suppressed ten minutes after it was claimed', async () => {
    const small = await started();
    const { world } = small;
    world.config = { ...CONFIG, receivers: [receiver('owner', { email: { to: ['owner@example.com'] } })] };
    world.counts.clear();
    const fresh = await leftOpen(small, [{ [EMAIL]: OPEN }], world.nowMs - MINUTE);
    await small.poll();
    expect(await fresh.stateOf(0)).toMatchObject({
      [EMAIL]: { is: 'held', because: 'no-receiver', untilMs: world.nowMs + MINUTE },
    });
    expect(world.counts.get('Held')).toBe(1);
  });

  it('is suppressed when its receiver is gone for ten minutes', async () => {
    const small = await started();
    const { world } = small;
    world.config = { ...CONFIG, receivers: [] };
    world.nowMs += 20 * MINUTE;
    const { stateOf } = await leftOpen(small, [{ [EMAIL]: OPEN }]);
    world.counts.clear();
    await small.poll();
    expect(await stateOf(0)).toMatchObject({ [EMAIL]: { is: 'suppressed', because: 'no-receiver' } });
    expect(world.counts.get('Suppressed')).toBe(1);
  });

  it('is left to the invocation that was faster', async () => {
    const small = await started();
    await leftOpen(small, [{ [EMAIL]: OPEN }]);
    const { apps } = small.world.ledger;
    small.world.ledger = {
      ...small.world.ledger,
      apps: { ...apps, swap: async () => ({ kind: 'lost', now: undefined }) },
    };
    await small.poll();
    expect(small.world.published).toEqual([]);
    expect(small.world.requests.filter(({ app }) => app.key === SPOT)).toHaveLength(1);
  });
});

describe('a row that the look-up does not show yet', () => {
  const stale = ({ world }: Started): void => {
    const { rows } = world.ledger;
    world.ledger = { ...world.ledger, rows: { ...rows, lookUp: async () => new Map() } };
  };

  it('is not told again when it is settled', async () => {
    const small = await started();
    small.happen(SPOT, 'e-1', 'order');
    await small.poll();
    stale(small);
    small.minute();
    await small.poll();
    expect(small.world.published).toHaveLength(2);
    expect(small.recorded).toHaveLength(1);
  });

  it('is finished when something in it is open', async () => {
    const small = await started();
    const event = small.happen(SPOT, 'left-0', 'order', MINUTE / 2);
    const { stateOf } = await leftOpen(small, [{ [EMAIL]: OPEN, [SMS]: SENT }]);
    const seen = await small.world.ledger.apps.read(SPOT);
    if (seen === undefined) throw new Error('expected a state');
    await small.world.ledger.apps.swap(SPOT, seen, { ...seen.value, open: [], owner: undefined });
    stale(small);
    await small.poll();
    expect(small.world.published.map(({ target }) => target)).toEqual([EMAIL]);
    expect(await stateOf(0)).toMatchObject({ [EMAIL]: { is: 'sent' } });
    expect(hashEvent(event)).toBe(hashEvent({ id: 'left-0', canonical: '' }));
  });
});

describe('a turn', () => {
  it('names no more rows than its pace allows, and lets go of them before it names others', async () => {
    const small = await started();
    const named: number[] = [];
    const { apps } = small.world.ledger;
    small.world.pace = { ...small.world.pace, turnRowsMax: 5 };
    small.world.ledger = {
      ...small.world.ledger,
      apps: {
        ...apps,
        swap: async (app, seen, next) => {
          if (app === SPOT) named.push(next.open.length);
          return apps.swap(app, seen, next);
        },
      },
    };
    for (let count = 0; count < 12; count += 1) small.happen(SPOT, `e-${count}`, 'order');
    await small.poll();
    expect(named).toEqual([5, 5, 2, 0]);
  });

  it('is the last one when time is up: the rest is claimed by the next tick', async () => {
    const small = await started();
    const { world } = small;
    world.pace = { ...world.pace, turnRowsMax: 1 };
    small.happen(SPOT, 'e-1', 'order one', 2_000);
    small.happen(SPOT, 'e-2', 'order two', 1_000);
    const untilMs = world.nowMs + 35_000;
    world.outcomes = () => {
      world.nowMs = untilMs;
      return { kind: 'accepted', messageId: 'm' };
    };
    await small.poll();
    expect(small.bodies(EMAIL)).toHaveLength(1);
    expect(await small.stateOf(SPOT)).toMatchObject({ open: [], owner: undefined, counters: { alerts: 1 } });
    await small.poll();
    expect(small.bodies(EMAIL)).toHaveLength(2);
  });

  it('begins nothing more after a write that failed, and cuts its lease to ten seconds', async () => {
    const small = await started();
    const { world } = small;
    let claims = 0;
    const { rows } = world.ledger;
    const failing: typeof rows.claim = async () => {
      claims += 1;
      throw new Error('throttled');
    };
    world.ledger = { ...world.ledger, rows: { ...rows, claim: failing } };
    for (let count = 0; count < 30; count += 1) small.happen(SPOT, `e-${count}`, 'order');
    await expect(small.poll()).rejects.toThrow('1 of 1 apps failed');
    expect(claims).toBeLessThanOrEqual(8);
    const state = await small.stateOf(SPOT);
    expect(state?.open).toHaveLength(30);
    expect(state).toMatchObject({ owner: `invocation-${world.ticks}`, leaseUntilMs: world.nowMs + 10_000 });
  });

  it('never makes its lease longer by cutting it', async () => {
    const small = await started();
    const { world } = small;
    const leaseUntilMs = world.nowMs + 60_000;
    const { rows } = world.ledger;
    const failing: typeof rows.claim = async () => {
      world.nowMs += 55_000;
      throw new Error('throttled');
    };
    world.ledger = { ...world.ledger, rows: { ...rows, claim: failing } };
    small.happen(SPOT, 'e-1', 'order');
    await expect(small.poll()).rejects.toThrow('1 of 1 apps failed');
    expect(await small.stateOf(SPOT)).toMatchObject({ leaseUntilMs });
  });

  it('fails when what was given up could not be listed', async () => {
    const small = await started();
    const { world } = small;
    world.outcomes = () => ({ kind: 'refused', heals: false, because: 'InvalidParameter' });
    const unlisted = { ...world.ledger.failed, put: async () => Promise.reject(new Error('throttled')) };
    world.ledger = { ...world.ledger, failed: unlisted };
    small.happen(SPOT, 'e-1', 'order');
    await expect(small.poll()).rejects.toThrow('1 of 1 apps failed');
    expect(small.recorded).toEqual([{}]);
  });
});
