import { describe, expect, it } from 'vitest';
import { appKey, hashEvent, targetOf } from '../../lib/domain/identity.ts';
import { rowKey } from '../../lib/domain/ledger-row.ts';
import { alertConfig, rule } from '../fixtures/alert-config.ts';
import { smallWorld } from '../fixtures/small-world.ts';

const SPOT = appKey('c-123', '72822');
const OWNER = targetOf('owner', 'email');
const MINUTE = 60_000;
const CONFIG = alertConfig({ rules: [rule('order', ['owner'], { keywords: ['order'] })] });

/** A world with `count` alerts that SNS refused for now, two minutes later, when all are due and it takes everything. */
async function withHeld(count: number) {
  const small = smallWorld(CONFIG);
  const { world } = small;
  await small.poll();
  small.minute();
  world.outcomes = () => ({ kind: 'refused', heals: true, because: 'Throttled' });
  const events = Array.from({ length: count }, (_, index) =>
    small.happen(SPOT, `e-${index}`, `order wish ${index}`, (count - index) * 1_000),
  );
  await small.poll();
  world.outcomes = () => ({ kind: 'accepted', messageId: 'm' });
  world.nowMs += 2 * MINUTE;
  return { ...small, events };
}

describe('the lease of a target', () => {
  it('keeps a second digest from publishing what a first one is about to', async () => {
    const { world, flush } = await withHeld(1);
    const lease = { owner: 'another', leaseUntilMs: world.nowMs + 1, notBeforeMs: 0 };
    await world.ledger.leases.swap(OWNER, undefined, lease);
    await flush();
    expect(world.published).toEqual([]);
    world.nowMs += 1;
    await flush();
    expect(world.published).toHaveLength(1);
  });

  it('keeps a target at rest until the moment it says', async () => {
    const { world, flush } = await withHeld(1);
    const rest = { owner: undefined, leaseUntilMs: 0, notBeforeMs: world.nowMs + 1 };
    await world.ledger.leases.swap(OWNER, undefined, rest);
    await flush();
    expect(world.published).toEqual([]);
    world.nowMs += 1;
    await flush();
    expect(world.published).toHaveLength(1);
  });

  it('is left to another digest that was faster to take it', async () => {
    const { world, flush } = await withHeld(1);
    const { leases } = world.ledger;
    world.ledger = {
      ...world.ledger,
      leases: { ...leases, swap: async () => ({ kind: 'lost', now: undefined }) },
    };
    await flush();
    expect(world.published).toEqual([]);
  });

  it('outlives the invocation by ten seconds and is let go of when the work is done', async () => {
    const { world, flush } = await withHeld(1);
    const leases: unknown[] = [];
    const { swap } = world.ledger.leases;
    world.ledger = {
      ...world.ledger,
      leases: {
        ...world.ledger.leases,
        swap: async (target, seen, next) => {
          leases.push(next);
          return swap(target, seen, next);
        },
      },
    };
    const killAtMs = world.nowMs + 50_000;
    await flush();
    expect(leases).toEqual([
      { owner: `invocation-${world.ticks}`, leaseUntilMs: killAtMs + 10_000, notBeforeMs: 0 },
      { owner: undefined, leaseUntilMs: 0, notBeforeMs: 0 },
    ]);
  });

  it('lets a target rest for a minute after it refused: the others it holds are not tried', async () => {
    const { world, flush } = await withHeld(5);
    let attempts = 0;
    world.outcomes = () => {
      attempts += 1;
      return { kind: 'refused', heals: true, because: 'Throttled' };
    };
    await flush();
    expect(attempts).toBe(1);
    const lease = await world.ledger.leases.read(OWNER);
    expect(lease?.value).toEqual({ owner: undefined, leaseUntilMs: 0, notBeforeMs: world.nowMs + MINUTE });
    world.nowMs += MINUTE - 1;
    await flush();
    expect(attempts).toBe(1);
    world.nowMs += 5 * MINUTE;
    await flush();
    expect(attempts).toBe(2);
  });
});

describe('what is held and due', () => {
  it('is told one by one up to three, the earliest first', async () => {
    const { bodies, flush } = await withHeld(3);
    await flush();
    expect(bodies(OWNER)).toHaveLength(3);
    expect(bodies(OWNER).map((body) => /wish \d/.exec(body)?.[0])).toEqual(['wish 0', 'wish 1', 'wish 2']);
  });

  it('is told as a digest from four on, in the order of its events, and every row says by which message', async () => {
    const { world, bodies, flush, events } = await withHeld(4);
    await flush();
    expect(bodies(OWNER)).toHaveLength(1);
    expect(bodies(OWNER)[0]?.match(/wish \d/g)).toEqual(['wish 0', 'wish 1', 'wish 2', 'wish 3']);
    for (const event of events) {
      const row = await world.ledger.rows.read(rowKey(SPOT, hashEvent(event), 'order'));
      expect(row?.to[OWNER]).toEqual({ is: 'sent', messageId: 'm', atMs: world.nowMs, alertCount: 4 });
      expect(row?.expiresAtS).toBeGreaterThan(world.nowMs / 1000);
    }
  });

  it('sends nothing by a reminder whose row is not held, which goes', async () => {
    const { world, flush } = await withHeld(1);
    await flush();
    const key = rowKey(SPOT, hashEvent({ id: 'e-0', canonical: '' }), 'order');
    await world.ledger.held.put({ untilMs: world.nowMs, target: OWNER, key });
    await world.ledger.held.put({
      untilMs: world.nowMs,
      target: OWNER,
      key: { ...key, sk: 'alert#0#order' },
    });
    await flush();
    expect(world.published).toHaveLength(1);
    expect(await world.ledger.held.listDue(world.nowMs, 10)).toEqual([]);
  });

  it('has its reminder moved to when its row is due', async () => {
    const { world, flush, events } = await withHeld(1);
    const [event] = events;
    if (event === undefined) throw new Error('expected an event');
    const key = rowKey(SPOT, hashEvent(event), 'order');
    const later = world.nowMs + 5 * MINUTE;
    const row = await world.ledger.rows.read(key);
    const state = row?.to[OWNER];
    if (state?.is !== 'held') throw new Error('expected a held target');
    await world.ledger.rows.flush(key, OWNER, { ...state, untilMs: later }, undefined);
    await flush();
    expect(world.published).toEqual([]);
    expect(await world.ledger.held.listDue(later, 10)).toEqual([{ untilMs: later, target: OWNER, key }]);
  });

  it('waits when no time is left to begin', async () => {
    const { world, flush } = await withHeld(1);
    const { listDue } = world.ledger.held;
    world.ledger = {
      ...world.ledger,
      held: {
        ...world.ledger.held,
        listDue: async (untilMs, most) => {
          const due = await listDue(untilMs, most);
          world.nowMs += 38_000;
          return due;
        },
      },
    };
    await flush();
    expect(world.published).toEqual([]);
    expect(await world.ledger.leases.read(OWNER)).toBeUndefined();
  });
});
