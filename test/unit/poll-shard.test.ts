import { describe, expect, it } from 'vitest';
import { newAppState } from '../../lib/domain/app-progress.ts';
import { appKey, hashEvent, targetOf } from '../../lib/domain/identity.ts';
import { formatKey, rowKey } from '../../lib/domain/ledger-row.ts';
import { alertConfig, appOf, rule } from '../fixtures/alert-config.ts';
import { START, smallWorld } from '../fixtures/small-world.ts';

const SPOT = appKey('c-123', '72822');
const OUTLET = appKey('c-123', '72823');
const CASA = appKey('c-456', '93310');
const EMAIL = targetOf('sales', 'email');
const SMS = targetOf('sales', 'sms');
const MINUTE = 60_000;
const FAR = START + 1_000 * MINUTE;

function config(rules = [rule('order', ['sales'], { keywords: ['order'] })]) {
  return alertConfig({
    apps: [appOf('c-123', '72822'), appOf('c-123', '72823'), appOf('c-456', '93310')],
    rules,
  });
}

/** A world whose apps have started a minute ago. */
async function started(first = config()) {
  const small = smallWorld(first);
  await small.poll();
  small.minute();
  return small;
}

describe('an event that matches', () => {
  it('is told once on every channel, recorded with its message ids, and never again', async () => {
    const { world, poll, happen, minute, stateOf } = await started();
    const event = happen(SPOT, 'e-1', 'I want to order');
    await poll();
    minute();
    await poll();
    expect(world.published.map(({ target }) => target).sort()).toEqual([EMAIL, SMS]);
    const row = await world.ledger.rows.read(rowKey(SPOT, hashEvent(event), 'order'));
    expect(row?.to[EMAIL]).toMatchObject({ is: 'sent', messageId: 'm' });
    expect(row?.expiresAtS).toBeGreaterThan(START / 1000 + 28 * 86_400);
    expect(await stateOf(SPOT)).toMatchObject({ open: [], owner: undefined, counters: { alerts: 1 } });
  });

  it('of one message under several types alerts a rule once, and the rule for conversions as well', async () => {
    const rules = [
      rule('order', ['owner'], { keywords: ['order'] }),
      rule('conversion', ['owner'], { types: ['converted'] }),
    ];
    const { world, poll, happen, minute } = await started(config(rules));
    happen(SPOT, 'e-1', 'order', 0, { type: 'keyword' });
    await poll();
    minute();
    happen(SPOT, 'e-1', 'order', MINUTE, { type: 'converted' });
    await poll();
    expect(world.published).toHaveLength(2);
  });

  it('before the app started is history', async () => {
    const small = smallWorld(config());
    small.happen(SPOT, 'e-1', 'order', 5_000);
    await small.poll();
    expect(small.world.published).toEqual([]);
  });

  it('that comes late, but within the lookback, is told', async () => {
    const { world, poll, happen, minute } = await started();
    for (let count = 0; count < 20; count += 1) {
      await poll();
      minute();
    }
    happen(SPOT, 'e-1', 'order', 14 * MINUTE);
    await poll();
    expect(world.published).toHaveLength(2);
  });

  it('without a date is told, once', async () => {
    const { world, poll, happen, minute } = await started();
    happen(SPOT, 'e-1', 'order', 0, { occurredAtMs: undefined });
    await poll();
    minute();
    await poll();
    expect(world.published).toHaveLength(2);
  });

  it('is told under a keyword that was edited, without repeating what was told before', async () => {
    const { world, poll, happen, minute, bodies } = await started();
    happen(SPOT, 'e-1', 'order one');
    happen(SPOT, 'e-2', 'buy one');
    await poll();
    minute();
    world.config = config([rule('order', ['sales'], { keywords: ['order', 'buy'] })]);
    await poll();
    expect(bodies(SMS)).toHaveLength(2);
    expect(bodies(SMS)[1]).toContain('buy one');
  });
});

describe('an app under an unknown zone', () => {
  const unknown = () => ({ ...config(), apps: [{ ...appOf('c-123', '72822'), timeZoneIsSet: false }] });

  it('records what was there at its first whole read and tells what comes later, however it is dated', async () => {
    const small = smallWorld(unknown());
    const old = small.happen(SPOT, 'e-old', 'order', 3 * 60 * MINUTE);
    await small.poll();
    expect(small.world.published).toEqual([]);
    const row = await small.world.ledger.rows.read(rowKey(SPOT, hashEvent(old), 'order'));
    expect(row?.to[EMAIL]).toMatchObject({ is: 'suppressed', because: 'before-start' });
    expect((await small.stateOf(SPOT))?.seeding).toBeUndefined();

    small.minute();
    small.happen(SPOT, 'e-new', 'order', -2 * 60 * MINUTE);
    await small.poll();
    expect(small.bodies(SMS)).toHaveLength(1);
  });
});

describe('an event that appears later than any lookback', () => {
  it('is told when it is met, counted, and listed as a sign that others were missed, once a day and app', async () => {
    const { world, poll, happen, minute, bodies } = await started();
    world.nowMs += 20 * 24 * 60 * MINUTE;
    await poll();
    minute();
    // An API that knows only wide spans shows what was not asked for.
    const { events } = world;
    const within = happen(SPOT, 'within', 'order', 6 * 24 * 60 * MINUTE);
    const beyond = happen(SPOT, 'beyond', 'order', 9 * 24 * 60 * MINUTE);
    events.set(
      SPOT,
      [within, beyond].map((event) => ({ ...event, occurredAtMs: undefined })),
    );
    world.dated = (event) => ({
      ...event,
      occurredAtMs: (event.id === 'beyond' ? beyond : within).occurredAtMs,
    });
    await poll();
    expect(bodies(SMS)).toHaveLength(2);
    expect(world.counts.get('BeyondLookback')).toBe(1);
    const listed = await world.ledger.failed.list(10);
    expect(listed).toHaveLength(1);
    expect(listed[0]).toMatchObject({ target: '-', key: { pk: `app#${SPOT}`, sk: 'state' } });
    expect(listed[0]?.because).toMatch(/^events appeared up to 9 days .* lookback.daily is 7 days$/);
  });
});

describe('when something fails', () => {
  it('a failing app is a state; the others are polled, and it recovers with nothing lost', async () => {
    const { world, poll, happen, minute, stateOf, bodies } = await started();
    world.failing.set(SPOT, { kind: 'failed', because: 'unauthorised', detail: '401', retryAtMs: undefined });
    happen(SPOT, 'e-1', 'order in Spot');
    happen(CASA, 'e-2', 'order in Casa');
    await poll();
    expect(bodies(SMS)).toHaveLength(1);
    expect((await stateOf(SPOT))?.failure).toMatchObject({ because: 'unauthorised', count: 1 });
    world.failing.clear();
    minute();
    await poll();
    expect(bodies(SMS)[1]).toContain('order in Spot');
    expect((await stateOf(SPOT))?.failure).toBeUndefined();
  });

  it('a 429 leaves the whole client alone until it may be asked again, and other clients go on', async () => {
    const { world, poll, minute } = await started();
    const retryAtMs = world.nowMs + 10 * MINUTE;
    for (const app of [SPOT, OUTLET]) {
      world.failing.set(app, { kind: 'failed', because: 'rate-limited', detail: '429', retryAtMs });
    }
    await poll();
    world.requests.length = 0;
    minute();
    await poll();
    expect(world.requests.map((request) => request.app.key)).toEqual([CASA]);
    world.failing.clear();
    world.requests.length = 0;
    world.nowMs = retryAtMs;
    await poll();
    expect(new Set(world.requests.map((request) => request.app.key)).size).toBe(3);
  });

  it('a refusal holds that delivery alone, and the next tick of the digest sends it', async () => {
    const { world, poll, flush, happen, minute } = await started();
    world.outcomes = (target) =>
      target === SMS
        ? { kind: 'refused', heals: true, because: 'Throttled' }
        : { kind: 'accepted', messageId: 'm' };
    happen(SPOT, 'e-1', 'order');
    await poll();
    expect(world.published.map(({ target }) => target)).toEqual([EMAIL]);
    world.outcomes = () => ({ kind: 'accepted', messageId: 'later' });
    await flush();
    expect(world.published).toHaveLength(1);
    minute();
    await poll();
    await flush();
    expect(world.published.map(({ target }) => target)).toEqual([EMAIL, SMS]);
    minute();
    await flush();
    expect(world.published).toHaveLength(2);
    expect(await world.ledger.held.listDue(FAR, 10)).toEqual([]);
  });

  it('a text that SNS calls invalid goes out as plain text', async () => {
    const { world, poll, happen, bodies } = await started();
    world.outcomes = (_target, { body }) =>
      body.includes('strange')
        ? { kind: 'refused', heals: false, because: 'InvalidParameter' }
        : { kind: 'accepted', messageId: 'm' };
    happen(SPOT, 'e-1', 'strange order');
    await poll();
    expect(bodies(SMS)).toHaveLength(1);
    expect(bodies(SMS)[0]).not.toContain('strange');
  });

  it('a delivery that can never succeed is on the failed list, and its row says why', async () => {
    const { world, poll, flush, happen } = await started();
    world.outcomes = () => ({ kind: 'refused', heals: false, because: 'InvalidParameter' });
    const event = happen(SPOT, 'e-1', 'order');
    await poll();
    expect((await world.ledger.failed.list(10)).map(({ target }) => target).sort()).toEqual([EMAIL, SMS]);
    const row = await world.ledger.rows.read(rowKey(SPOT, hashEvent(event), 'order'));
    expect(row?.to[SMS]).toMatchObject({ is: 'failed', because: 'InvalidParameter' });
    await flush();
    expect(world.counts.get('FailedListed')).toBe(2);
  });

  it('three unknown outcomes are the end: each may have arrived', async () => {
    const { world, poll, flush, happen, minute } = await started();
    let attempts = 0;
    world.outcomes = () => {
      attempts += 1;
      return { kind: 'unknown', because: 'time-out' };
    };
    world.config = config([rule('order', ['owner'], { keywords: ['order'] })]);
    happen(SPOT, 'e-1', 'order');
    await poll();
    for (let count = 0; count < 5; count += 1) {
      minute();
      await flush();
    }
    expect(attempts).toBe(2);
    for (let count = 0; count < 30; count += 1) {
      minute();
      await flush();
    }
    expect(attempts).toBe(3);
    expect(await world.ledger.failed.list(10)).toHaveLength(1);
  });

  it('what an invocation that died had named is finished, even when the API shows the event no more', async () => {
    const { world, poll, happen } = await started();
    const event = happen(SPOT, 'e-1', 'order');
    const key = rowKey(SPOT, hashEvent(event), 'order');
    const { apps, rows } = world.ledger;
    const seen = await apps.read(SPOT);
    const state = seen?.value ?? newAppState(appOf('c-123', '72822'), START);
    await apps.swap(SPOT, seen, {
      ...state,
      open: [formatKey(key), 'app#c-123/72822|alert#00000000000000000000000000000000#order'],
      owner: 'dead',
      leaseUntilMs: world.nowMs + 30_000,
    });
    const facts = {
      app: SPOT,
      appName: 'Spot Store',
      rule: 'order',
      event: hashEvent(event),
      type: 'keyword',
      text: 'order',
      phone: undefined,
      campaignId: undefined,
      adId: undefined,
      occurredAtMs: START,
      seenAtMs: START,
      keyword: 'order',
    };
    const row = { key, version: 1, owner: 'dead', config: '', facts, claimedAtMs: START } as const;
    await rows.claim({ ...row, to: { [EMAIL]: { is: 'open' } as const }, expiresAtS: undefined });
    world.events.clear();

    await poll();
    expect(world.published).toEqual([]);
    world.nowMs += 30_001;
    await poll();
    expect(world.published.map(({ target }) => target)).toEqual([EMAIL]);
    expect((await apps.read(SPOT))?.value).toMatchObject({ open: [], owner: undefined });
  });
});

describe('when the ledger fails in the middle', () => {
  it('what was sent is recorded although another delivery could not be listed as failed', async () => {
    const { world, poll, happen, minute } = await started();
    world.outcomes = (target) =>
      target === SMS
        ? { kind: 'refused', heals: false, because: 'InvalidParameter' }
        : { kind: 'accepted', messageId: 'm' };
    const { failed } = world.ledger;
    const unlisted = { ...failed, put: async () => Promise.reject(new Error('throttled')) };
    world.ledger = { ...world.ledger, failed: unlisted };
    happen(SPOT, 'e-1', 'order');
    for (let count = 0; count < 4; count += 1) {
      await poll().catch(() => undefined);
      minute();
      minute();
    }
    expect(world.published.map(({ target }) => target)).toEqual([EMAIL]);
    world.ledger = { ...world.ledger, failed };
    await poll();
    expect(await failed.list(10)).toHaveLength(1);
    expect(world.published).toHaveLength(1);
  });

  it('a record that fails for a while is written as soon as it can be: nothing is sent twice', async () => {
    const { world, poll, happen, minute } = await started();
    const { rows } = world.ledger;
    let failuresLeft = 4;
    const failing: typeof rows.record = async (...args) => {
      failuresLeft -= 1;
      if (failuresLeft >= 0) throw new Error('throttled');
      await rows.record(...args);
    };
    world.ledger = { ...world.ledger, rows: { ...rows, record: failing } };
    happen(SPOT, 'e-1', 'order');
    await poll();
    minute();
    await poll();
    expect(world.published).toHaveLength(2);
  });
});

describe('an app without rules', () => {
  it('lets time pass: a rule added later does not tell what happened meanwhile', async () => {
    const { world, poll, happen, minute, bodies } = await started();
    world.config = config([]);
    await poll();
    for (let hour = 0; hour < 20 * 24; hour += 1) {
      world.nowMs += 60 * MINUTE;
      if (hour % 24 === 0) happen(SPOT, `e-${hour}`, 'order');
      await poll();
    }
    minute();
    world.config = config([rule('new', ['sales'], { keywords: ['order'] })]);
    await poll();
    expect(world.published).toEqual([]);
    happen(SPOT, 'e-now', 'order now');
    await poll();
    expect(bodies(SMS)).toHaveLength(1);
  });
});

describe('a receiver that is not in the file', () => {
  const gone = () => ({ ...config(), receivers: [] });

  it('may come back while old and new code overlap', async () => {
    const { world, poll, flush, happen, minute, bodies } = await started();
    world.outcomes = () => ({ kind: 'refused', heals: true, because: 'Throttled' });
    happen(SPOT, 'e-1', 'order');
    await poll();
    const before = world.config;
    world.config = gone();
    minute();
    await flush();
    world.config = before;
    world.outcomes = () => ({ kind: 'accepted', messageId: 'm' });
    minute();
    minute();
    await flush();
    expect(bodies(SMS)).toHaveLength(1);
  });

  it('hears nothing any more after ten minutes, and the row says so', async () => {
    const { world, poll, flush, happen } = await started();
    world.outcomes = () => ({ kind: 'refused', heals: true, because: 'Throttled' });
    const event = happen(SPOT, 'e-1', 'order');
    await poll();
    world.config = gone();
    world.nowMs += 11 * MINUTE;
    await flush();
    const row = await world.ledger.rows.read(rowKey(SPOT, hashEvent(event), 'order'));
    expect(row?.to[SMS]).toMatchObject({ is: 'suppressed', because: 'no-receiver' });
  });
});

describe('a target in trouble', () => {
  it('does not keep another from hearing, and the rest of its own alerts waits with the refused one', async () => {
    const rules = [rule('order', ['sales', 'owner'], { keywords: ['order'] })];
    const { world, poll, flush, happen, minute } = await started(config(rules));
    let refusals = 0;
    world.outcomes = (target) => {
      if (target !== EMAIL) return { kind: 'accepted', messageId: 'm' };
      refusals += 1;
      return { kind: 'refused', heals: true, because: 'NotFound' };
    };
    for (let count = 0; count < 200; count += 1) happen(SPOT, `e-${count}`, `order ${count}`);
    await poll();
    refusals = 0;
    minute();
    await flush();
    expect(refusals).toBe(1);
    const told = world.published.filter(({ target }) => target === targetOf('owner', 'email'));
    expect(told.map(({ message }) => message.body).join('\n')).toContain('order 199');
  });

  it('a digest that SNS calls invalid goes out as one plain text with the references', async () => {
    const rules = [rule('order', ['owner'], { keywords: ['order'] })];
    const { world, poll, flush, happen, minute } = await started(config(rules));
    for (let count = 0; count < 60; count += 1) happen(SPOT, `e-${count}`, `order ${count}`);
    await poll();
    world.published.length = 0;
    world.outcomes = (_target, { body }) =>
      body.includes('order 5')
        ? { kind: 'refused', heals: false, because: 'InvalidParameter' }
        : { kind: 'accepted', messageId: 'm' };
    minute();
    await flush();
    expect(world.published).toHaveLength(1);
    expect(world.published[0]?.message.body.match(/^[0-9a-f]{2}-[0-9a-f]{8}$/gm)).toHaveLength(50);
  });
});

describe('a rule with since', () => {
  const DAY = 24 * 60 * MINUTE;
  const since = [rule('order', ['owner'], { keywords: ['order'], sinceMs: START - 3 * DAY })];

  it('tells what happened since then, once', async () => {
    const { world, poll, happen, minute, stateOf } = await started(config([]));
    happen(SPOT, 'e-old', 'order', 2 * DAY);
    happen(SPOT, 'e-ancient', 'order', 4 * DAY);
    world.config = config(since);
    await poll();
    minute();
    await poll();
    expect(world.published).toHaveLength(1);
    expect((await stateOf(SPOT))?.backfill).toBeUndefined();
  });

  it('does so even when the tick that wrote its start died before the app state knew of it', async () => {
    const { world, poll, happen, minute } = await started();
    happen(SPOT, 'e-old', 'order', 2 * DAY);
    world.config = config(since);
    const { swap } = world.ledger.apps;
    world.ledger = {
      ...world.ledger,
      apps: { ...world.ledger.apps, swap: async () => Promise.reject(new Error('killed')) },
    };
    await expect(poll()).rejects.toThrow('apps failed');
    world.ledger = { ...world.ledger, apps: { ...world.ledger.apps, swap } };
    minute();
    await poll();
    expect(world.published).toHaveLength(1);
  });
});

describe('a storm', () => {
  it('is told up to its share at once and the rest as one digest that names each alert', async () => {
    const rules = [rule('order', ['owner'], { keywords: ['order'] })];
    const { world, poll, flush, happen, minute } = await started(config(rules));
    for (let count = 0; count < 60; count += 1) happen(SPOT, `e-${count}`, `order number ${count}`);
    await poll();
    expect(world.published).toHaveLength(10);
    minute();
    await flush();
    expect(world.published).toHaveLength(11);
    const told = world.published.map(({ message }) => message.body).join('\n');
    for (let count = 0; count < 60; count += 1) expect(told).toMatch(new RegExp(`number ${count}\\b`));
  });

  it('never sends more than its share of five messages a second to one target', async () => {
    const rules = Array.from({ length: 9 }, (_, index) =>
      rule(`r-${index}`, ['owner'], { keywords: ['order'] }),
    );
    const { world, poll, happen } = await started(config(rules));
    for (let count = 0; count < 9; count += 1) happen(SPOT, `e-${count}`, 'order');
    await poll();
    const times = world.published.map(({ atMs }) => atMs);
    expect(times.length).toBe(81);
    for (const atMs of times) {
      expect(times.filter((other) => other >= atMs && other < atMs + 1_000).length).toBeLessThanOrEqual(3);
    }
  });

  it('of more alerts than one turn can name is claimed in turns, and the marks wait for the rest', async () => {
    const rules = [rule('order', ['owner'], { keywords: ['order'] })];
    const { world, poll, happen, stateOf } = await started(config(rules));
    for (let count = 0; count < 450; count += 1) happen(SPOT, `e-${count}`, 'order', count);
    await poll();
    const held = await world.ledger.held.listDue(FAR, 1_000);
    expect(held.length + world.published.length).toBe(450);
    expect(await stateOf(SPOT)).toMatchObject({ open: [], counters: { alerts: 450 } });
  });
});

describe('an idle app', () => {
  it('costs one request a tick and writes its marks once in ten minutes', async () => {
    const { world, poll, minute, stateOf } = await started();
    const before = await world.ledger.apps.read(SPOT);
    world.requests.length = 0;
    for (let count = 0; count < 5; count += 1) {
      await poll();
      minute();
    }
    expect(world.requests.filter((request) => request.app.key === SPOT)).toHaveLength(5);
    expect((await world.ledger.apps.read(SPOT))?.v).toBe(before?.v);
    for (let count = 0; count < 10; count += 1) {
      await poll();
      minute();
    }
    expect((await world.ledger.apps.read(SPOT))?.v).toBe((before?.v ?? 0) + 1);
    expect((await stateOf(SPOT))?.watermarkMs).toBeGreaterThan(START + 9 * MINUTE);
  });
});
