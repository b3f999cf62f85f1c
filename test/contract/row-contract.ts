import { describe, expect, it } from 'vitest';
import { formatKey } from '../../lib/domain/ledger-row.ts';
import type { Ledger } from '../../lib/ports/ledger.ts';
import {
  alertRow,
  EMAIL,
  EVERY_TARGET_STATE,
  facts,
  HELD,
  NOW_MS,
  OPEN,
  SENT,
  SMS,
} from './ledger-values.ts';

const EXPIRES_AT_S = 1_793_000_000;
const SUPPRESSED = { is: 'suppressed', because: 'before-start', atMs: NOW_MS, by: undefined } as const;

export function describeRows(ledger: () => Ledger): void {
  const rows = () => ledger().rows;

  describe('claiming a row', () => {
    it('puts it when there is none', async () => {
      expect(await rows().read(alertRow('e').key)).toBeUndefined();
      expect(await rows().claim(alertRow('e'))).toEqual({ kind: 'claimed' });
      expect(await rows().read(alertRow('e').key)).toEqual(alertRow('e'));
    });

    it('leaves one that is there and returns it as it stands', async () => {
      await rows().claim(alertRow('e'));
      await rows().record(alertRow('e').key, { [EMAIL]: SENT }, undefined);
      const stands = alertRow('e', { to: { [EMAIL]: SENT, [SMS]: HELD } });
      expect(await rows().claim(alertRow('e', { owner: 'invocation-2' }))).toEqual({
        kind: 'exists',
        row: stands,
      });
      expect(await rows().read(stands.key)).toEqual(stands);
    });

    it.for([
      { name: 'of an earlier time', changes: { claimedAtMs: NOW_MS - 1 } },
      { name: 'of another owner', changes: { owner: 'invocation-2' } },
      { name: 'that has moved on since', changes: { to: { [EMAIL]: SENT, [SMS]: HELD } } },
    ])('does not take a row $name for its own', async ({ changes }) => {
      const stands = alertRow('e', changes);
      await rows().claim(stands);
      expect(await rows().claim(alertRow('e'))).toEqual({ kind: 'exists', row: stands });
    });

    it('is done again by its owner at the same time with the same answer', async () => {
      await rows().claim(alertRow('e'));
      expect(await rows().claim(alertRow('e'))).toEqual({ kind: 'claimed' });
    });

    it('succeeds for exactly one of forty, and shows the others its row', async () => {
      const owners = Array.from({ length: 40 }, (_, index) => `invocation-${index}`);
      const claims = await Promise.all(
        owners.map(async (owner) => ({ owner, claim: await rows().claim(alertRow('e', { owner })) })),
      );
      const winners = claims.filter(({ claim }) => claim.kind === 'claimed');
      expect(winners).toHaveLength(1);
      const stands = alertRow('e', { owner: winners[0]?.owner ?? '' });
      const others = claims.filter(({ claim }) => claim.kind !== 'claimed');
      for (const { claim } of others) expect(claim).toEqual({ kind: 'exists', row: stands });
      expect(await rows().read(stands.key)).toEqual(stands);
    });
  });

  describe('a row reads back as it was claimed', () => {
    it.for([
      { name: 'with nothing optional', row: alertRow('e') },
      { name: 'with no target', row: alertRow('e', { to: {} }) },
      {
        name: 'settled from the start',
        row: alertRow('e', { to: { [SMS]: SUPPRESSED }, expiresAtS: EXPIRES_AT_S }),
      },
      {
        name: 'with all facts',
        row: alertRow('e', {
          facts: facts('e', {
            text: "I'm ready to order! Ação, 注文, \u0000, 👩‍👩‍👧 e\u0301",
            phone: '+12025550123',
            campaignId: 'c1',
            adId: 'a1',
            occurredAtMs: NOW_MS - 1,
            keyword: 'quero comprar',
          }),
        }),
      },
    ])('$name', async ({ row }) => {
      await rows().claim(row);
      expect(await rows().read(row.key)).toEqual(row);
      expect(await rows().lookUp([row.key])).toEqual(new Map([[formatKey(row.key), row]]));
    });

    it.for(EVERY_TARGET_STATE.map((state) => ({ name: JSON.stringify(state), state })))(
      'with a target $name',
      async ({ state }) => {
        const row = alertRow('e', { to: { [EMAIL]: state } });
        await rows().claim(row);
        expect((await rows().read(row.key))?.to).toEqual({ [EMAIL]: state });
        await rows().record(row.key, { [SMS]: state }, undefined);
        expect((await rows().read(row.key))?.to).toEqual({ [EMAIL]: state, [SMS]: state });
      },
    );
  });

  describe('recording', () => {
    it('sets the targets it names and leaves the others', async () => {
      await rows().claim(alertRow('e'));
      await rows().record(alertRow('e').key, { [EMAIL]: SENT }, undefined);
      expect(await rows().read(alertRow('e').key)).toEqual(
        alertRow('e', { to: { [EMAIL]: SENT, [SMS]: HELD } }),
      );
    });

    it('lets two writers set a target each', async () => {
      const { key } = alertRow('e', {});
      await rows().claim(alertRow('e', { to: { [EMAIL]: OPEN, [SMS]: OPEN } }));
      await Promise.all([
        rows().record(key, { [EMAIL]: SENT }, undefined),
        rows().record(key, { [SMS]: HELD }, undefined),
      ]);
      expect((await rows().read(key))?.to).toEqual({ [EMAIL]: SENT, [SMS]: HELD });
    });

    it('sets when the row may go only where that is given, and keeps it where it is not', async () => {
      const { key } = alertRow('e');
      await rows().claim(alertRow('e'));
      await rows().record(key, { [EMAIL]: SENT, [SMS]: SENT }, EXPIRES_AT_S);
      expect((await rows().read(key))?.expiresAtS).toBe(EXPIRES_AT_S);
      await rows().record(key, { [EMAIL]: SENT }, undefined);
      expect((await rows().read(key))?.expiresAtS).toBe(EXPIRES_AT_S);
    });

    it('does nothing when there is no row', async () => {
      const { key } = alertRow('e');
      await rows().record(key, { [EMAIL]: SENT }, EXPIRES_AT_S);
      expect(await rows().read(key)).toBeUndefined();
      expect(await rows().claim(alertRow('e'))).toEqual({ kind: 'claimed' });
    });

    it('of no target changes nothing', async () => {
      await rows().claim(alertRow('e'));
      await rows().record(alertRow('e').key, {}, undefined);
      expect(await rows().read(alertRow('e').key)).toEqual(alertRow('e'));
    });
  });

  describe('expiring', () => {
    it('sets when the row may go and nothing else', async () => {
      await rows().claim(alertRow('e'));
      await rows().expire(alertRow('e').key, EXPIRES_AT_S);
      expect(await rows().read(alertRow('e').key)).toEqual(alertRow('e', { expiresAtS: EXPIRES_AT_S }));
    });

    it('does nothing when there is no row', async () => {
      await rows().expire(alertRow('e').key, EXPIRES_AT_S);
      expect(await rows().read(alertRow('e').key)).toBeUndefined();
    });
  });

  describe('flushing', () => {
    it('sets a target that is held and returns the row as it then stands', async () => {
      await rows().claim(alertRow('e'));
      const flushed = alertRow('e', { to: { [EMAIL]: OPEN, [SMS]: SENT } });
      expect(await rows().flush(flushed.key, SMS, SENT, undefined)).toEqual(flushed);
      expect(await rows().read(flushed.key)).toEqual(flushed);
    });

    it('holds until later what is held', async () => {
      const later = { ...HELD, untilMs: NOW_MS + 120_000 };
      await rows().claim(alertRow('e'));
      expect((await rows().flush(alertRow('e').key, SMS, later, undefined))?.to[SMS]).toEqual(later);
    });

    it('sets when the row may go where that is given', async () => {
      await rows().claim(alertRow('e', { to: { [SMS]: HELD } }));
      const row = await rows().flush(alertRow('e').key, SMS, SENT, EXPIRES_AT_S);
      expect(row).toEqual(alertRow('e', { to: { [SMS]: SENT }, expiresAtS: EXPIRES_AT_S }));
    });

    it.for(
      EVERY_TARGET_STATE.filter((state) => state.is !== 'held').map((state) => ({
        name: JSON.stringify(state),
        to: { [SMS]: state },
      })),
    )('leaves a target that is $name', async ({ to }) => {
      const sent = { ...SENT, messageId: 'another' };
      await rows().claim(alertRow('e', { to }));
      expect(await rows().flush(alertRow('e').key, SMS, sent, EXPIRES_AT_S)).toBeUndefined();
      expect(await rows().read(alertRow('e').key)).toEqual(alertRow('e', { to }));
    });

    it('leaves a row without the target, and makes none where there is none', async () => {
      await rows().claim(alertRow('e', { to: { [EMAIL]: HELD } }));
      expect(await rows().flush(alertRow('e').key, SMS, SENT, undefined)).toBeUndefined();
      expect(await rows().flush(alertRow('f').key, SMS, SENT, undefined)).toBeUndefined();
      expect((await rows().read(alertRow('e').key))?.to).toEqual({ [EMAIL]: HELD });
      expect(await rows().read(alertRow('f').key)).toBeUndefined();
    });

    it('succeeds for exactly one of many at once', async () => {
      await rows().claim(alertRow('e'));
      const flushes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          rows().flush(alertRow('e').key, SMS, { ...SENT, messageId: `m-${index}` }, undefined),
        ),
      );
      const winners = flushes.filter((row) => row !== undefined);
      expect(winners).toHaveLength(1);
      expect(await rows().read(alertRow('e').key)).toEqual(winners[0]);
    });
  });

  describe('reopening', () => {
    const FAILED = { is: 'failed', because: 'NotFound', atMs: NOW_MS } as const;
    const RETRIED = { ...HELD, because: 'retry' } as const;

    it('sets a target that has failed, takes the expiry away, and returns the row as it then stands', async () => {
      await rows().claim(alertRow('e', { to: { [EMAIL]: SENT, [SMS]: FAILED }, expiresAtS: EXPIRES_AT_S }));
      const reopened = alertRow('e', { to: { [EMAIL]: SENT, [SMS]: RETRIED } });
      expect(await rows().reopen(reopened.key, SMS, RETRIED)).toEqual(reopened);
      expect(await rows().read(reopened.key)).toEqual(reopened);
    });

    it('of a row that never had an expiry is the same', async () => {
      await rows().claim(alertRow('e', { to: { [EMAIL]: OPEN, [SMS]: FAILED } }));
      const row = await rows().reopen(alertRow('e').key, SMS, RETRIED);
      expect(row).toEqual(alertRow('e', { to: { [EMAIL]: OPEN, [SMS]: RETRIED } }));
    });

    it('lets the row go again once it is settled', async () => {
      await rows().claim(alertRow('e', { to: { [SMS]: FAILED }, expiresAtS: EXPIRES_AT_S }));
      await rows().reopen(alertRow('e').key, SMS, RETRIED);
      const row = await rows().flush(alertRow('e').key, SMS, SENT, EXPIRES_AT_S + 1);
      expect(row).toEqual(alertRow('e', { to: { [SMS]: SENT }, expiresAtS: EXPIRES_AT_S + 1 }));
    });

    it.for(
      EVERY_TARGET_STATE.filter((state) => state.is !== 'failed').map((state) => ({
        name: JSON.stringify(state),
        to: { [SMS]: state },
      })),
    )('leaves a target that is $name, and returns its row', async ({ to }) => {
      const stands = alertRow('e', { to, expiresAtS: EXPIRES_AT_S });
      await rows().claim(stands);
      expect(await rows().reopen(stands.key, SMS, { ...RETRIED, untilMs: 1 })).toEqual(stands);
      expect(await rows().read(stands.key)).toEqual(stands);
    });

    it('leaves a row without the target, and makes none where there is none', async () => {
      await rows().claim(alertRow('e', { to: { [EMAIL]: FAILED } }));
      const stands = alertRow('e', { to: { [EMAIL]: FAILED } });
      expect(await rows().reopen(stands.key, SMS, RETRIED)).toEqual(stands);
      expect(await rows().reopen(alertRow('f').key, SMS, RETRIED)).toBeUndefined();
      expect(await rows().read(alertRow('f').key)).toBeUndefined();
    });
  });

  describe('looking rows up', () => {
    it('gives nothing for none', async () => {
      expect(await rows().lookUp([])).toEqual(new Map());
    });

    it('gives more than a hundred at once, repeated ones once, missing ones not', async () => {
      const all = Array.from({ length: 230 }, (_, index) => alertRow(`e-${index}`));
      const there = all.filter((_, index) => index % 7 !== 0);
      await Promise.all(there.map((row) => rows().claim(row)));
      const keys = all.flatMap((row) => [row.key, { ...row.key }]);
      const found = await rows().lookUp(keys);
      expect(found).toEqual(new Map(there.map((row) => [formatKey(row.key), row])));
    });
  });
}
