import { describe, expect } from 'vitest';
import type { Fault } from '../contract/faulty-proxy.ts';
import { it } from '../contract/faulty-world.ts';
import {
  APP,
  alertRow,
  appState,
  EMAIL,
  FULL_STATE,
  HELD,
  OPEN,
  SENT,
  SMS,
} from '../contract/ledger-values.ts';

const DROPPED: Fault = { kind: 'applied', ends: 'drop' };
const FAILED: Fault = { kind: 'applied', ends: '500' };
const NOT_SENT: Fault = { kind: 'lost', ends: 'drop' };
const NOT_DONE: Fault = { kind: 'lost', ends: '500' };
const THROTTLED: Fault = { kind: 'lost', ends: 'throttle' };

/** The SDK sends three times. */
const APPLIED = [
  { name: 'applied, and the answer is dropped', faults: [DROPPED] },
  { name: 'applied, and every answer is dropped', faults: [DROPPED, DROPPED, DROPPED] },
  { name: 'applied, and answered 500', faults: [FAILED] },
  { name: 'applied, and answered 500 to the end', faults: [FAILED, FAILED, FAILED] },
  { name: 'applied, then throttled to the end', faults: [DROPPED, THROTTLED, THROTTLED] },
  { name: 'never sent, then applied and dropped', faults: [NOT_SENT, DROPPED, DROPPED] },
  { name: 'dropped once before it is applied', faults: [NOT_SENT] },
  { name: 'throttled twice before it is applied', faults: [THROTTLED, THROTTLED] },
];
const NOT_APPLIED = [
  { name: 'dropped each time before it is applied', faults: [NOT_SENT, NOT_SENT, NOT_SENT] },
  { name: 'answered 500 each time without being applied', faults: [NOT_DONE, NOT_DONE, NOT_DONE] },
  { name: 'throttled each time', faults: [THROTTLED, THROTTLED, THROTTLED] },
];
const REFUSED: readonly {
  readonly name: string;
  readonly ends: 'validation' | 'denied';
  readonly error: string;
}[] = [
  { name: 'refused as not valid', ends: 'validation', error: 'ValidationException' },
  { name: 'refused as not allowed', ends: 'denied', error: 'AccessDeniedException' },
];

describe.concurrent('a swap', () => {
  it.for(APPLIED)('that is $name is written', async ({ faults }, { world: { proxy, ledger, other } }) => {
    proxy.inject('PutItem', faults);
    const put = await ledger.apps.swap(APP, undefined, appState());
    expect(put).toMatchObject({ kind: 'written', now: { v: 1, value: appState() } });

    proxy.inject('PutItem', faults);
    const replaced = await ledger.apps.swap(APP, put.now, FULL_STATE);
    expect(replaced).toMatchObject({ kind: 'written', now: { v: 2, value: FULL_STATE } });
    expect(await other.apps.read(APP)).toEqual(replaced.now);
  });

  it.for(NOT_APPLIED)(
    'that is $name is lost to what stands',
    async ({ faults }, { world: { proxy, ledger, other } }) => {
      proxy.inject('PutItem', faults);
      expect(await ledger.apps.swap(APP, undefined, appState())).toEqual({ kind: 'lost', now: undefined });

      const { now } = await other.apps.swap(APP, undefined, appState());
      proxy.inject('PutItem', faults);
      expect(await ledger.apps.swap(APP, now, FULL_STATE)).toEqual({ kind: 'lost', now });
      expect(await other.apps.read(APP)).toEqual(now);
    },
  );

  it('whose answer is dropped after somebody else wrote is lost to them', async ({
    world: { proxy, ledger, other },
  }) => {
    const seen = (await ledger.apps.swap(APP, undefined, appState())).now;
    const theirs = await other.apps.swap(APP, seen, FULL_STATE);
    proxy.inject('PutItem', [FAILED, FAILED, FAILED]);
    expect(await ledger.apps.swap(APP, seen, appState())).toEqual({ kind: 'lost', now: theirs.now });
  });

  it('is settled by one consistent read', async ({ world: { proxy, ledger, sent } }) => {
    proxy.inject('PutItem', [DROPPED, DROPPED, DROPPED]);
    await ledger.apps.swap(APP, undefined, appState());
    expect(sent('PutItem')).toHaveLength(3);
    expect(sent('GetItem')).toMatchObject([{ ConsistentRead: true }]);
  });

  it('throws when that read fails too, saying that nobody knows', async ({ world: { proxy, ledger } }) => {
    proxy.inject('PutItem', [DROPPED, DROPPED, DROPPED]);
    proxy.inject('GetItem', [NOT_DONE, NOT_DONE, NOT_DONE]);
    await expect(ledger.apps.swap(APP, undefined, appState())).rejects.toThrow(
      /whether app#c-123\/72822\|state was written is not known/,
    );
  });

  it.for(REFUSED)('that is $name throws at once', async ({ ends, error }, { world: { proxy, ledger } }) => {
    proxy.inject('PutItem', [{ kind: 'lost', ends }]);
    await expect(ledger.apps.swap(APP, undefined, appState())).rejects.toMatchObject({ name: error });
    expect(proxy.requests).toHaveLength(1);
  });

  it('of what cannot be stored throws, and is not taken for lost', async ({ world: { proxy, ledger } }) => {
    const state = appState({ watermarkMs: Number.NaN });
    await expect(ledger.apps.swap(APP, undefined, state)).rejects.toThrow(/NaN/);
    expect(proxy.requests).toEqual([]);
  });

  it.for([
    { name: 'is never answered', ends: 'hang' },
    { name: 'is answered in part', ends: 'stall' },
  ] as const)(
    'that $name after it was applied is given up in time, and written',
    { timeout: 10_000 },
    async ({ ends }, { world: { proxy, ledger, sent } }) => {
      proxy.inject('PutItem', [{ kind: 'applied', ends }]);
      expect(await ledger.apps.swap(APP, undefined, appState())).toMatchObject({ kind: 'written' });
      expect(sent('PutItem').length + sent('GetItem').length).toBeGreaterThan(1);
    },
  );
});

describe.concurrent('a claim', () => {
  it.for(APPLIED)('that is $name is claimed', async ({ faults }, { world: { proxy, ledger, other } }) => {
    proxy.inject('PutItem', faults);
    expect(await ledger.rows.claim(alertRow('e'))).toEqual({ kind: 'claimed' });
    expect(await other.rows.read(alertRow('e').key)).toEqual(alertRow('e'));
  });

  it.for(NOT_APPLIED)('that is $name throws', async ({ faults }, { world: { proxy, ledger, other } }) => {
    proxy.inject('PutItem', faults);
    await expect(ledger.rows.claim(alertRow('e'))).rejects.toThrow();
    expect(await other.rows.read(alertRow('e').key)).toBeUndefined();
  });

  it('whose answer is dropped after somebody else claimed gives their row', async ({
    world: { proxy, ledger, other, sent },
  }) => {
    const theirs = alertRow('e', { owner: 'invocation-2' });
    await other.rows.claim(theirs);
    proxy.inject('PutItem', [FAILED, FAILED, FAILED]);
    expect(await ledger.rows.claim(alertRow('e'))).toEqual({ kind: 'exists', row: theirs });
    expect(sent('GetItem')).toMatchObject([{ ConsistentRead: true }]);
  });

  it.for(REFUSED)('that is $name throws at once', async ({ ends, error }, { world: { proxy, ledger } }) => {
    proxy.inject('PutItem', [{ kind: 'lost', ends }]);
    await expect(ledger.rows.claim(alertRow('e'))).rejects.toMatchObject({ name: error });
    expect(proxy.requests).toHaveLength(1);
  });
});

describe.concurrent('a flush', () => {
  const { key } = alertRow('e');
  const later = { ...HELD, untilMs: HELD.untilMs + 60_000, unknownCount: 1, lastError: 'throttled' } as const;

  it.for(APPLIED)('that is $name gives the row', async ({ faults }, { world: { proxy, ledger, other } }) => {
    await other.rows.claim(alertRow('e'));
    proxy.inject('UpdateItem', faults);
    const held = alertRow('e', { to: { [EMAIL]: OPEN, [SMS]: later } });
    expect(await ledger.rows.flush(key, SMS, later, undefined)).toEqual(held);

    proxy.inject('UpdateItem', faults);
    const settled = alertRow('e', { to: { [EMAIL]: OPEN, [SMS]: SENT }, expiresAtS: 1_793_000_000 });
    expect(await ledger.rows.flush(key, SMS, SENT, 1_793_000_000)).toEqual(settled);
    expect(await other.rows.read(key)).toEqual(settled);
  });

  it.for(NOT_APPLIED)(
    'that is $name throws, for the target is held still',
    async ({ faults }, { world: { proxy, ledger, other } }) => {
      await other.rows.claim(alertRow('e'));
      proxy.inject('UpdateItem', faults);
      await expect(ledger.rows.flush(key, SMS, SENT, undefined)).rejects.toThrow();
      expect(await other.rows.read(key)).toEqual(alertRow('e'));
    },
  );

  it('whose answer is dropped after somebody else flushed gives nothing', async ({
    world: { proxy, ledger, other, sent },
  }) => {
    await other.rows.claim(alertRow('e'));
    await other.rows.flush(key, SMS, { ...SENT, messageId: 'theirs' }, undefined);
    proxy.inject('UpdateItem', [FAILED, FAILED, FAILED]);
    expect(await ledger.rows.flush(key, SMS, SENT, undefined)).toBeUndefined();
    expect(sent('GetItem')).toMatchObject([{ ConsistentRead: true }]);
  });

  it.for(REFUSED)(
    'that is $name throws at once',
    async ({ ends, error }, { world: { proxy, ledger, other } }) => {
      await other.rows.claim(alertRow('e'));
      proxy.inject('UpdateItem', [{ kind: 'lost', ends }]);
      await expect(ledger.rows.flush(key, SMS, SENT, undefined)).rejects.toMatchObject({ name: error });
      expect(proxy.requests).toHaveLength(1);
    },
  );
});

describe.concurrent('a reopening', () => {
  const { key } = alertRow('e');
  const failed = { is: 'failed', because: 'NotFound', atMs: 1 } as const;
  const retried = { ...HELD, because: 'retry' } as const;

  it.for(APPLIED)('that is $name gives the row', async ({ faults }, { world: { proxy, ledger, other } }) => {
    await other.rows.claim(alertRow('e', { to: { [SMS]: failed }, expiresAtS: 1_793_000_000 }));
    proxy.inject('UpdateItem', faults);
    const reopened = alertRow('e', { to: { [SMS]: retried } });
    expect(await ledger.rows.reopen(key, SMS, retried)).toEqual(reopened);
    expect(await other.rows.read(key)).toEqual(reopened);
  });

  it.for(NOT_APPLIED)(
    'that is $name throws, for the target has failed still',
    async ({ faults }, { world: { proxy, ledger, other } }) => {
      const stands = alertRow('e', { to: { [SMS]: failed } });
      await other.rows.claim(stands);
      proxy.inject('UpdateItem', faults);
      await expect(ledger.rows.reopen(key, SMS, retried)).rejects.toThrow();
      expect(await other.rows.read(key)).toEqual(stands);
    },
  );
});

describe.concurrent('a record', () => {
  const { key } = alertRow('e');

  it.for([DROPPED, FAILED, THROTTLED])(
    'is sent again after a fault, and stands (%o)',
    async (fault, { world: { proxy, ledger, other } }) => {
      await other.rows.claim(alertRow('e'));
      proxy.inject('UpdateItem', [fault, fault]);
      await ledger.rows.record(key, { [EMAIL]: SENT }, undefined);
      expect((await other.rows.read(key))?.to[EMAIL]).toEqual(SENT);
    },
  );

  it('throws when no answer is learned, for it may not stand', async ({
    world: { proxy, ledger, other },
  }) => {
    await other.rows.claim(alertRow('e'));
    proxy.inject('UpdateItem', [NOT_DONE, NOT_DONE, NOT_DONE]);
    await expect(ledger.rows.record(key, { [EMAIL]: SENT }, undefined)).rejects.toThrow();
  });
});
