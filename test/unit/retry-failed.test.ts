import { describe, expect, it } from 'vitest';
import { appKey, hashEvent, targetOf } from '../../lib/domain/identity.ts';
import { rowKey, type TargetState } from '../../lib/domain/ledger-row.ts';
import type { FailedItem, Ledger } from '../../lib/ports/ledger.ts';
import { dismissFailed } from '../../lib/use-cases/dismiss-failed.ts';
import { retryFailed } from '../../lib/use-cases/retry-failed.ts';
import { alertConfig, appOf, rule } from '../fixtures/alert-config.ts';
import { smallWorld } from '../fixtures/small-world.ts';

const SPOT = appKey('c-123', '72822');
const OWNER = targetOf('owner', 'email');
const MINUTE = 60_000;

/** A world in which one delivery, by e-mail to the owner, was refused for good; whatever kept it from going is mended. */
async function givenUp() {
  const small = smallWorld(
    alertConfig({
      apps: [appOf('c-123', '72822')],
      rules: [rule('order', ['owner'], { keywords: ['order'] })],
    }),
  );
  const { world } = small;
  const accepts = world.outcomes;
  await small.poll();
  small.minute();
  world.outcomes = () => ({ kind: 'refused', heals: false, because: 'InvalidParameter' });
  const event = small.happen(SPOT, 'e-1', 'order');
  await small.poll();
  world.outcomes = accepts;
  const [item] = await world.ledger.failed.list(10);
  // Later than any invocation that may have listed it lives.
  small.minute();
  small.minute();
  if (item === undefined) throw new Error('nothing was given up');
  const key = rowKey(SPOT, hashEvent(event), 'order');
  return {
    ...small,
    item,
    clock: { nowMs: () => world.nowMs, sleep: async () => {} },
    /** The row's one target as it stands. */
    state: async () => (await world.ledger.rows.read(key))?.to[OWNER],
    row: () => world.ledger.rows.read(key),
    retry: (entry: FailedItem = item) =>
      retryFailed(
        { ledger: world.ledger, clock: { nowMs: () => world.nowMs, sleep: async () => {} } },
        entry,
      ),
    record: (state: TargetState) => world.ledger.rows.record(key, { [OWNER]: state }, undefined),
    listed: () => world.ledger.failed.list(10),
    due: () => world.ledger.held.listDue(world.nowMs, 10),
  };
}

const HELD = {
  is: 'held',
  because: 'refused',
  unknownCount: 0,
  troubledSinceMs: undefined,
  lastError: undefined,
} as const;

describe('a delivery that was given up and is sent back', () => {
  it('is held for the next tick of the digest, which tells it; its row may expire only then', async () => {
    const { world, retry, flush, state, row, listed, bodies } = await givenUp();
    expect((await row())?.expiresAtS).toBeDefined();
    expect(await retry()).toEqual({ kind: 'held' });
    expect(await state()).toEqual({
      ...HELD,
      because: 'retry',
      untilMs: world.nowMs,
    });
    expect((await row())?.expiresAtS).toBeUndefined();
    expect(await listed()).toEqual([]);
    await flush();
    expect(bodies()).toHaveLength(1);
    expect(await state()).toMatchObject({ is: 'sent' });
    expect((await row())?.expiresAtS).toBeGreaterThan(world.nowMs / 1000 + 28 * 86_400);
  });

  it('refused for good again: it is listed again', async () => {
    const { world, retry, flush, minute, listed, state } = await givenUp();
    minute();
    await retry();
    world.outcomes = () => ({ kind: 'refused', heals: false, because: 'InvalidParameter' });
    await flush();
    expect(await state()).toMatchObject({ is: 'failed' });
    expect(await listed()).toMatchObject([{ target: OWNER, atMs: world.nowMs }]);
  });

  it('refused for now: it is held for another day at most, counted from the retry', async () => {
    const { world, retry, flush, minute, listed, state } = await givenUp();
    world.nowMs += 3 * 24 * 60 * MINUTE;
    await retry();
    const retriedMs = world.nowMs;
    world.outcomes = () => ({ kind: 'refused', heals: true, because: 'Throttled' });
    await flush();
    expect(await state()).toMatchObject({ is: 'held', because: 'refused', troubledSinceMs: retriedMs });
    while (world.nowMs < retriedMs + 23 * 60 * MINUTE) {
      minute();
      await flush();
    }
    expect(await listed()).toEqual([]);
    while (world.nowMs < retriedMs + 25 * 60 * MINUTE) {
      minute();
      await flush();
    }
    expect(await listed()).toHaveLength(1);
  });

  it('of unknown outcome: it has its three attempts again', async () => {
    const { world, retry, flush, minute, listed, state } = await givenUp();
    await retry();
    let attempts = 0;
    world.outcomes = () => {
      attempts += 1;
      return { kind: 'unknown', because: 'time-out' };
    };
    await flush();
    expect(await state()).toMatchObject({ is: 'held', because: 'unknown', unknownCount: 1 });
    for (let count = 0; count < 20; count += 1) {
      minute();
      await flush();
    }
    expect(attempts).toBe(3);
    expect(await listed()).toHaveLength(1);
  });

  it.for([
    {
      name: 'soon after the alert, when it may be in a file that is being deployed: waited for',
      ageMinutes: 5,
    },
    { name: 'later: suppressed, and the row says why', ageMinutes: 11 },
  ])('without its receiver in the file, $name', async ({ ageMinutes }) => {
    const { world, retry, flush, state, listed } = await givenUp();
    world.nowMs += ageMinutes * MINUTE;
    world.config = { ...world.config, receivers: [] };
    await retry();
    await flush();
    const is = ageMinutes < 10 ? 'held' : 'suppressed';
    expect(await state()).toMatchObject({ is, because: 'no-receiver' });
    expect(await listed()).toEqual([]);
  });
});

describe('an entry that is sent back', () => {
  it.for<{ readonly state: TargetState }>([
    { state: { is: 'sent', messageId: 'm-1', atMs: 1, alertCount: 1 } },
    { state: { is: 'suppressed', because: 'no-receiver', atMs: 1, by: undefined } },
  ])('of a row that is $state.is is only taken off the list', async ({ state: settled }) => {
    const { retry, record, state, listed, due } = await givenUp();
    await record(settled);
    expect(await retry()).toEqual({ kind: 'settled', is: settled.is });
    expect(await state()).toEqual(settled);
    expect([await listed(), await due()]).toEqual([[], []]);
  });

  it('of a row that is open is left: its app finishes it', async () => {
    const { world, retry, record, state, listed } = await givenUp();
    await record({ is: 'open' });
    world.nowMs += 60 * MINUTE;
    expect(await retry()).toEqual({ kind: 'under-way' });
    expect(await state()).toEqual({ is: 'open' });
    expect(await listed()).toHaveLength(1);
  });

  it('is left while whoever listed it may live: a write of it that is sent again could undo this', async () => {
    const { world, item, clock, retry, row, listed } = await givenUp();
    const before = await row();
    world.nowMs = item.atMs + MINUTE - 1;
    expect(await retry()).toEqual({ kind: 'under-way' });
    expect(await dismissFailed({ ledger: world.ledger, clock }, item)).toEqual({ kind: 'under-way' });
    expect([await row(), await listed()]).toEqual([before, [item]]);
    world.nowMs += 1;
    expect(await retry()).toEqual({ kind: 'held' });
  });

  it('of a row that is held gets its reminder again', async () => {
    const { world, item, retry, record, listed, due } = await givenUp();
    const held: TargetState = { ...HELD, untilMs: item.atMs + 30 * MINUTE };
    await record(held);
    expect(await retry()).toEqual({ kind: 'held' });
    expect(await listed()).toEqual([]);
    world.nowMs = held.untilMs;
    expect(await due()).toHaveLength(1);
  });

  it('of a row that is gone, or of a span that was never read, can only be dismissed', async () => {
    const { world, item, clock, retry, listed } = await givenUp();
    const gone = { ...item, key: { ...item.key, sk: 'alert#0#order' } };
    const span: FailedItem = { ...item, target: '-', key: { pk: item.key.pk, sk: 'state' } };
    for (const entry of [gone, span]) await world.ledger.failed.put(entry);
    expect(await retry(gone)).toEqual({ kind: 'row-gone' });
    expect(await retry(span)).toEqual({ kind: 'no-delivery' });
    expect(await listed()).toHaveLength(3);
    for (const entry of [gone, span]) {
      expect(await dismissFailed({ ledger: world.ledger, clock }, entry)).toEqual({ kind: 'dismissed' });
    }
    expect(await listed()).toEqual([item]);
  });
});

describe('an entry that is dismissed', () => {
  it('is gone, and its row stays as it is', async () => {
    const { world, item, clock, row, listed, due } = await givenUp();
    const before = await row();
    expect(await dismissFailed({ ledger: world.ledger, clock }, item)).toEqual({ kind: 'dismissed' });
    expect(await row()).toEqual(before);
    expect([await listed(), await due()]).toEqual([[], []]);
  });

  it('does not strand a row that a retry which died had held', async () => {
    const { world, item, clock, listed, flush, bodies } = await givenUp();
    const dying = dyingLedger(world.ledger, { callIndex: 0, side: 'after' });
    await expect(retryFailed({ ledger: dying, clock }, item)).rejects.toThrow('died');
    expect(await dismissFailed({ ledger: world.ledger, clock }, item)).toEqual({ kind: 'still-tried' });
    expect(await listed()).toEqual([]);
    await flush();
    expect(bodies()).toHaveLength(1);
  });

  it('is gone although its row is open still', async () => {
    const { world, item, clock, record, listed } = await givenUp();
    await record({ is: 'open' });
    expect(await dismissFailed({ ledger: world.ledger, clock }, item)).toEqual({ kind: 'still-tried' });
    expect(await listed()).toEqual([]);
  });
});

describe('a retry that dies', () => {
  const points = [0, 1, 2].flatMap((callIndex) =>
    (['before', 'after'] as const).flatMap((side) =>
      [false, true].map((isFlushed) => ({ callIndex, side, isFlushed })),
    ),
  );

  it.for(points)(
    '$side call $callIndex (digest in between: $isFlushed) loses nothing, and the same again heals it',
    async ({ callIndex, side, isFlushed }) => {
      const { world, item, clock, retry, flush, listed, bodies, state } = await givenUp();
      // A stale reminder, as a digest that died leaves it, must not upset anything either.
      await world.ledger.held.put({ untilMs: world.nowMs - MINUTE, target: OWNER, key: item.key });
      world.nowMs += 2 * MINUTE;
      const dying = dyingLedger(world.ledger, { callIndex, side });
      await expect(retryFailed({ ledger: dying, clock }, item)).rejects.toThrow('died');

      const isListed = (await listed()).length === 1;
      expect(isListed).toBe(!(callIndex === 2 && side === 'after'));
      if (isFlushed) await flush();
      if (isListed) expect((await retry()).kind).toBe(isFlushed && bodies().length > 0 ? 'settled' : 'held');
      await flush();
      expect(bodies()).toHaveLength(1);
      expect(await state()).toMatchObject({ is: 'sent' });
      expect(await listed()).toEqual([]);
    },
  );

  it('has three calls to die at', async () => {
    const { world, item, clock } = await givenUp();
    const whole = dyingLedger(world.ledger, { callIndex: 3, side: 'before' });
    expect(await retryFailed({ ledger: whole, clock }, item)).toEqual({ kind: 'held' });
  });
});

/** The ledger as one command sees it that dies around one of its calls: no call after that is made. */
function dyingLedger(
  ledger: Ledger,
  death: { readonly callIndex: number; readonly side: 'before' | 'after' },
): Ledger {
  let count = 0;
  async function call<T>(work: () => Promise<T>): Promise<T> {
    const index = count;
    count += 1;
    if (index > death.callIndex || (index === death.callIndex && death.side === 'before')) {
      throw new Error('died');
    }
    const answer = await work();
    if (index === death.callIndex) throw new Error('died');
    return answer;
  }
  const { rows, held, failed } = ledger;
  return {
    ...ledger,
    rows: { ...rows, reopen: (...args) => call(() => rows.reopen(...args)) },
    held: { ...held, put: (item) => call(() => held.put(item)) },
    failed: { ...failed, remove: (item) => call(() => failed.remove(item)) },
  };
}
