import { describe, expect, it } from 'vitest';
import { appKey, hashEvent, targetOf } from '../../lib/domain/identity.ts';
import { rowKey } from '../../lib/domain/ledger-row.ts';
import { alertConfig, appOf, rule } from '../fixtures/alert-config.ts';
import { START, smallWorld } from '../fixtures/small-world.ts';

const SPOT = appKey('c-123', '72822');
const OWNER = targetOf('owner', 'email');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const RULES = [rule('order', ['owner'], { keywords: ['order'] })];
const DOWN = { kind: 'failed', because: 'unavailable', detail: 'no answer', retryAtMs: undefined } as const;

/** A world of these apps, each of another client, that have started a minute ago. */
async function started(count: number) {
  const apps = Array.from({ length: count }, (_, index) => appOf(`c-${index}`, `${index}`));
  const small = smallWorld(alertConfig({ apps, rules: RULES }));
  await small.poll();
  small.minute();
  small.world.requests.length = 0;
  const asked = (): readonly string[] => small.world.requests.map(({ app }) => app.key);
  return { ...small, apps, asked };
}

describe('the apps of a tick', () => {
  it('take turns at being first, minute by minute', async () => {
    const { poll, world, asked } = await started(3);
    const firsts: (string | undefined)[] = [];
    for (let count = 0; count < 3; count += 1) {
      world.requests.length = 0;
      await poll();
      firsts.push(asked()[0]);
      world.nowMs += MINUTE;
    }
    expect(new Set(firsts).size).toBe(3);
  });

  it.for([0, 1, 2, 3])('are asked with the one furthest behind first, %i minutes on', async (minutes) => {
    const { poll, world, apps, asked } = await started(4);
    const [, , behind] = apps;
    const seen = behind && (await world.ledger.apps.read(behind.key));
    if (seen === undefined) throw new Error('expected a state');
    const state = { ...seen.value, watermarkMs: START - 5 * MINUTE };
    await world.ledger.apps.swap(state.app, seen, state);
    world.nowMs += minutes * MINUTE;
    await poll();
    expect(asked()[0]).toBe(state.app);
  });

  it('are asked with those that fail last', async () => {
    const { poll, world, minute, apps, asked } = await started(6);
    const failing: readonly string[] = apps.slice(0, 2).map(({ key }) => key);
    for (const { key } of apps.slice(0, 2)) world.failing.set(key, DOWN);
    await poll();
    for (let count = 0; count < 3; count += 1) {
      minute();
      world.requests.length = 0;
      await poll();
      expect(
        asked()
          .slice(0, 4)
          .filter((key) => failing.includes(key)),
      ).toEqual([]);
      world.nowMs += 5 * MINUTE;
    }
  });
});

describe('alerts of one reading', () => {
  it('are told with the fresh ones before what an outage left, each oldest first', async () => {
    const small = smallWorld(alertConfig({ rules: RULES }));
    await small.poll();
    small.world.nowMs += 3 * 60 * MINUTE;
    for (const agoMinutes of [1, 100, 15, 120]) {
      small.happen(SPOT, `e-${agoMinutes}`, `order ${agoMinutes}`, agoMinutes * MINUTE);
    }
    await small.poll();
    const told = small.bodies(OWNER).map((body) => /order \d+/.exec(body)?.[0]);
    expect(told).toEqual(['order 15', 'order 1', 'order 120', 'order 100']);
  });

  it('of one message are dated by its earliest record', async () => {
    const small = smallWorld(alertConfig({ rules: RULES }));
    await small.poll();
    small.world.nowMs += 10 * MINUTE;
    small.happen(SPOT, 'e-1', 'order', MINUTE, { canonical: 'later' });
    const earlier = small.happen(SPOT, 'e-1', 'order', 2 * MINUTE, { canonical: 'earlier' });
    small.happen(SPOT, 'e-1', 'order', 0, { canonical: 'undated', occurredAtMs: undefined });
    await small.poll();
    const row = await small.world.ledger.rows.read(rowKey(SPOT, hashEvent(earlier), 'order'));
    expect(row?.facts.occurredAtMs).toBe(earlier.occurredAtMs);
    expect(small.world.published).toHaveLength(1);
  });
});

describe('an outage longer than any plan reads back', () => {
  it('is listed as a loss with its beginning and length, and polling goes on from there', async () => {
    const small = smallWorld(alertConfig({ rules: RULES }));
    await small.poll();
    small.world.nowMs += 30 * DAY;
    await small.poll();
    const [lost, ...others] = await small.world.ledger.failed.list(10);
    expect(others).toEqual([]);
    expect(lost).toMatchObject({ atMs: START, target: '-', key: { pk: `app#${SPOT}`, sk: 'state' } });
    expect(lost?.because).toMatch(/^about 48 h of events were never read/);
    small.minute();
    small.happen(SPOT, 'e-1', 'order');
    await small.poll();
    expect(small.bodies(OWNER)).toHaveLength(1);
    expect(await small.world.ledger.failed.list(10)).toHaveLength(1);
  });
});
