import { describe, expect, it } from 'vitest';
import { appKey, targetOf } from '../../lib/domain/identity.ts';
import type { Swap } from '../../lib/ports/ledger.ts';
import { alertConfig, appOf, receiver, rule, smsTo } from '../fixtures/alert-config.ts';
import { smallWorld } from '../fixtures/small-world.ts';

const SPOT = appKey('c-123', '72822');
const OWNER = targetOf('owner', 'email');
const SMS = targetOf('sales', 'sms');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ORDER = rule('order', ['owner'], { keywords: ['order'] });
const LOST: Swap<never> = { kind: 'lost', now: undefined };

async function started(config = alertConfig({ rules: [ORDER] })) {
  const small = smallWorld(config);
  await small.poll();
  small.minute();
  small.world.counts.clear();
  small.world.requests.length = 0;
  return small;
}

type Started = Awaited<ReturnType<typeof started>>;

/** Every swap of an app's state is lost to somebody who was faster. */
function losingSwaps({ world }: Started): void {
  world.ledger = { ...world.ledger, apps: { ...world.ledger.apps, swap: async () => LOST } };
}

describe('an app that another invocation works on', () => {
  it('is left alone while the lease lasts, and counts as behind', async () => {
    const small = await started();
    const { world } = small;
    const seen = await world.ledger.apps.read(SPOT);
    if (seen === undefined) throw new Error('expected a state');
    const leased = { ...seen.value, owner: 'another', leaseUntilMs: world.nowMs + 1 };
    await world.ledger.apps.swap(SPOT, seen, leased);
    await small.poll();
    expect(world.requests).toEqual([]);
    expect(Object.fromEntries(world.counts)).toEqual({ LagMs: MINUTE });
    world.nowMs += 1;
    await small.poll();
    expect(world.requests).toHaveLength(1);
  });

  it('has nothing told of it when the other was faster with its turn', async () => {
    const small = await started();
    losingSwaps(small);
    small.happen(SPOT, 'e-1', 'order');
    await small.poll();
    expect(small.world.published).toEqual([]);
    expect(small.world.counts.get('LagMs')).toBe(MINUTE);
  });

  it('is not read under new rules when the other was faster with their starts', async () => {
    const small = await started();
    const { world } = small;
    world.ledger = { ...world.ledger, ruleStarts: { ...world.ledger.ruleStarts, swap: async () => LOST } };
    world.config = alertConfig({ rules: [rule('order', ['owner'], { keywords: ['buy'] })] });
    await small.poll();
    expect(world.requests).toEqual([]);
    expect(world.counts.get('LagMs')).toBe(MINUTE);
  });

  it('is an error when its first state was neither written nor found', async () => {
    const small = smallWorld(alertConfig({ rules: [ORDER] }));
    losingSwaps(small);
    await expect(small.poll()).rejects.toThrow('1 of 1 apps failed');
  });
});

describe('an app without rules', () => {
  it('is not asked, nor does it have a state before it has its first rule', async () => {
    const small = smallWorld(alertConfig({ rules: [] }));
    await small.poll();
    expect(small.world.requests).toEqual([]);
    expect(await small.stateOf(SPOT)).toBeUndefined();
  });

  it('is no longer asked once its rules are gone, and writes its mark every ten minutes', async () => {
    const small = await started();
    const { world } = small;
    world.config = alertConfig({ rules: [] });
    await small.poll();
    const before = await world.ledger.apps.read(SPOT);
    for (let count = 0; count < 9; count += 1) {
      small.minute();
      await small.poll();
    }
    expect((await world.ledger.apps.read(SPOT))?.v).toBe(before?.v);
    small.minute();
    await small.poll();
    expect((await world.ledger.apps.read(SPOT))?.v).toBe((before?.v ?? 0) + 1);
    expect((await small.stateOf(SPOT))?.watermarkMs).toBe(world.nowMs);
    expect(world.requests).toEqual([]);
  });
});

describe('an app that failed three times', () => {
  it('is not asked again before its wait is over, and counts as behind', async () => {
    const small = await started();
    const { world } = small;
    world.failing.set(SPOT, { kind: 'failed', because: 'unavailable', detail: '', retryAtMs: undefined });
    for (let count = 0; count < 3; count += 1) {
      await small.poll();
      small.minute();
    }
    const asked = world.requests.length;
    world.counts.clear();
    await small.poll();
    expect(world.requests).toHaveLength(asked);
    expect(Object.fromEntries(world.counts)).toEqual({ LagMs: 4 * MINUTE });
    small.minute();
    await small.poll();
    expect(world.requests.length).toBeGreaterThan(asked);
  });
});

describe('when time is up', () => {
  it('a request may take until twelve seconds before the invocation is killed, or 35 from its start', async () => {
    const small = await started();
    const { world } = small;
    const { load } = world.ledger.apps;
    const deadlines: number[] = [];
    for (const lateMs of [0, 20_000]) {
      world.ledger = {
        ...world.ledger,
        apps: {
          ...world.ledger.apps,
          load: async (apps) => {
            world.nowMs += lateMs;
            return load(apps);
          },
        },
      };
      const beganMs = world.nowMs;
      await small.poll();
      deadlines.push((world.requests.at(-1)?.deadlineMs ?? 0) - beganMs);
    }
    expect(deadlines).toEqual([35_000, 38_000]);
  });

  it('apps that were not begun are left for the next tick, and count as behind', async () => {
    const small = await started();
    const { world } = small;
    const { load } = world.ledger.apps;
    world.ledger = {
      ...world.ledger,
      apps: {
        ...world.ledger.apps,
        load: async (apps) => {
          const states = await load(apps);
          world.nowMs += 38_000;
          return states;
        },
      },
    };
    await small.poll();
    expect(world.requests).toEqual([]);
    expect(Object.fromEntries(world.counts)).toEqual({ LagMs: MINUTE });
  });

  it('marks stay where they are while an event without a date has no row', async () => {
    const small = await started();
    const { world } = small;
    world.pace = { ...world.pace, turnRowsMax: 1 };
    const before = (await small.stateOf(SPOT))?.watermarkMs;
    small.happen(SPOT, 'e-1', 'order one');
    small.happen(SPOT, 'e-2', 'order two', 0, { occurredAtMs: undefined });
    const untilMs = world.nowMs + 35_000;
    world.outcomes = () => {
      world.nowMs = untilMs;
      return { kind: 'accepted', messageId: 'm' };
    };
    await small.poll();
    expect(world.published).toHaveLength(1);
    expect((await small.stateOf(SPOT))?.watermarkMs).toBe(before);
    await small.poll();
    expect(world.published).toHaveLength(2);
  });
});

describe('a rule that is added while a clock is behind', () => {
  it('is taken in all the same', async () => {
    const small = await started();
    const { world } = small;
    small.happen(SPOT, 'e-old', 'order', 2 * DAY);
    world.nowMs -= 30 * MINUTE;
    world.config = alertConfig({
      rules: [{ ...ORDER, when: { ...ORDER.when, sinceMs: world.nowMs - 3 * DAY } }],
    });
    await small.poll();
    small.minute();
    await small.poll();
    expect(small.bodies(OWNER)).toHaveLength(1);
  });
});

describe('the last SMS of an hour', () => {
  it('is kept for what waits: a held one is sent alone where a new one would not be', async () => {
    const sms = { ...smsTo('+12025550123'), limits: { ...smsTo().limits, hourlyMax: 2 } };
    const small = await started(
      alertConfig({
        apps: [appOf('c-123', '72822')],
        receivers: [receiver('sales', { sms })],
        rules: [rule('order', ['sales'], { keywords: ['order'] })],
      }),
    );
    const { world } = small;
    world.outcomes = () => ({ kind: 'refused', heals: true, because: 'Throttled' });
    small.happen(SPOT, 'e-1', 'order');
    await small.poll();
    world.outcomes = () => ({ kind: 'accepted', messageId: 'm' });
    small.minute();
    small.minute();
    await small.flush();
    expect(small.bodies(SMS)).toHaveLength(1);
  });
});
