import { describe, expect, it } from 'vitest';
import type { Rule } from '../../lib/domain/alert-config.ts';
import { appKey, hashEvent, targetOf } from '../../lib/domain/identity.ts';
import { formatKey, rowKey, type TargetStates } from '../../lib/domain/ledger-row.ts';
import { alertConfig, rule } from '../fixtures/alert-config.ts';
import { smallWorld } from '../fixtures/small-world.ts';

const SPOT = appKey('c-123', '72822');
const EMAIL = targetOf('sales', 'email');
const SMS = targetOf('sales', 'sms');
const MINUTE = 60_000;
const COOLING: Rule = { ...rule('order', ['sales']), cooldown: { forMs: 30 * MINUTE, per: 'lead' } };
const OTHER_LEAD = { phone: '+12025550124' };

async function started() {
  const small = smallWorld(alertConfig({ rules: [COOLING] }));
  await small.poll();
  small.minute();
  const toldTexts = () => small.bodies(SMS).map((body) => /(?:one|two|three)/.exec(body)?.[0]);
  return { ...small, toldTexts };
}

type Started = Awaited<ReturnType<typeof started>>;

/** The row of event `id` is claimed after everything that others do meanwhile. */
function slowClaimOf({ world }: Started, id: string): void {
  const { rows } = world.ledger;
  const slow = rowKey(SPOT, hashEvent({ id, canonical: '' }), 'order').sk;
  const claim: typeof rows.claim = async (row) => {
    for (let turn = 0; row.key.sk === slow && turn < 20; turn += 1) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    return rows.claim(row);
  };
  world.ledger = { ...world.ledger, rows: { ...rows, claim } };
}

describe('alerts of one lead within a cooldown', () => {
  it('go one after the other, so that the first in time is told however slow its claim is', async () => {
    const small = await started();
    slowClaimOf(small, 'e-1');
    small.happen(SPOT, 'e-1', 'one', 2_000);
    small.happen(SPOT, 'e-2', 'two', 1_000);
    await small.poll();
    expect(small.toldTexts()).toEqual(['one']);
  });

  it('do not keep those of another lead waiting', async () => {
    const small = await started();
    slowClaimOf(small, 'e-1');
    small.happen(SPOT, 'e-1', 'one', 2_000);
    small.happen(SPOT, 'e-2', 'two', 1_000, OTHER_LEAD);
    await small.poll();
    expect(small.toldTexts()).toEqual(['two', 'one']);
  });

  it('are told by the one that started it, also by whoever takes over after a crash', async () => {
    const small = await started();
    const { world } = small;
    world.outcomes = () => {
      throw new Error('killed');
    };
    small.happen(SPOT, 'e-1', 'one');
    await expect(small.poll()).rejects.toThrow('1 of 1 apps failed');
    world.outcomes = () => ({ kind: 'accepted', messageId: 'm' });
    small.minute();
    small.happen(SPOT, 'e-2', 'two');
    await small.poll();
    expect(small.toldTexts()).toEqual(['one']);
  });

  it('are kept quiet by one that was faster to start it', async () => {
    const small = await started();
    const { world } = small;
    const { cooldowns } = world.ledger;
    const start = { atMs: world.nowMs, by: 'app#c-123/72822|alert#faster#order' };
    world.ledger = {
      ...world.ledger,
      cooldowns: {
        ...cooldowns,
        swap: async () => ({
          kind: 'lost',
          now: { v: 1, w: 'w', value: { starts: [start], expiresAtS: 0 } },
        }),
      },
    };
    const event = small.happen(SPOT, 'e-1', 'one');
    await small.poll();
    expect(small.toldTexts()).toEqual([]);
    const row = await world.ledger.rows.read(rowKey(SPOT, hashEvent(event), 'order'));
    expect(row?.to[SMS]).toMatchObject({ is: 'suppressed', because: 'cooldown', by: start.by });
  });

  it('stay as they are where they were sent or are held, and such a row does not expire', async () => {
    const small = await started();
    const { world } = small;
    small.happen(SPOT, 'e-1', 'one');
    await small.poll();
    const held = { is: 'held', untilMs: world.nowMs + MINUTE, because: 'storm', unknownCount: 0 } as const;
    const to: TargetStates = {
      [EMAIL]: { is: 'open' } as const,
      [SMS]: { ...held, troubledSinceMs: undefined, lastError: undefined },
    };
    const key = rowKey(SPOT, hashEvent({ id: 'e-2', canonical: '' }), 'order');
    const told = await world.ledger.rows.read(rowKey(SPOT, hashEvent({ id: 'e-1', canonical: '' }), 'order'));
    if (told === undefined) throw new Error('expected a row');
    await world.ledger.rows.claim({
      ...told,
      key,
      facts: { ...told.facts, event: hashEvent({ id: 'e-2', canonical: '' }) },
      to,
      expiresAtS: undefined,
    });
    const seen = await world.ledger.apps.read(SPOT);
    if (seen === undefined) throw new Error('expected a state');
    await world.ledger.apps.swap(SPOT, seen, { ...seen.value, open: [formatKey(key)] });
    world.counts.clear();
    await small.poll();
    const row = await world.ledger.rows.read(key);
    expect(row?.to[EMAIL]).toMatchObject({ is: 'suppressed', because: 'cooldown' });
    expect(row?.to[SMS]).toMatchObject(held);
    expect(row?.expiresAtS).toBeUndefined();
    expect(world.counts.get('Suppressed')).toBe(1);
    expect(small.toldTexts()).toEqual(['one']);
  });
});
