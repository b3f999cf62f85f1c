import { describe, expect, it } from 'vitest';
import type { AppState } from '../../lib/domain/app-state.ts';
import { appKey } from '../../lib/domain/identity.ts';
import type { Ledger, Swap, Versioned } from '../../lib/ports/ledger.ts';
import {
  APP,
  appState,
  EMAIL,
  EVERY_FAILURE_REASON,
  FULL_STATE,
  manyApps,
  NOW_MS,
  RULE_STARTS,
  SMS,
} from './ledger-values.ts';

export function describeSwaps(ledger: () => Ledger): void {
  describe('items that are swapped', () => {
    it('are undefined until first written', async () => {
      expect(await ledger().apps.read(APP)).toBeUndefined();
      expect(await ledger().ruleStarts.read(APP)).toBeUndefined();
      expect(await ledger().leases.read(EMAIL)).toBeUndefined();
    });

    it.for([
      { name: 'budgets', swapIn: swapBudget },
      { name: 'cooldowns', swapIn: swapCooldown },
    ])('$name are kept whole, apart from leases and from each other', async ({ swapIn }) => {
      await swapIn(ledger());
      expect(await ledger().leases.read(SMS)).toBeUndefined();
      expect((await ledger().budgets.read(EMAIL))?.value).toBeUndefined();
      expect(await ledger().cooldowns.read('orders#11')).toBeUndefined();
    });

    it('the grouping secret is made once', async () => {
      const secret = await ledger().groupingSecret.read();
      expect(secret.length).toBeGreaterThan(10);
      expect(await ledger().groupingSecret.read()).toBe(secret);
    });

    it('are put when there is none, at version 1', async () => {
      const put = await ledger().apps.swap(APP, undefined, appState());
      expect(put).toMatchObject({ kind: 'written', now: { v: 1, value: appState() } });
      expect(await ledger().apps.read(APP)).toEqual(put.now);
    });

    it('are not put over one that is there, which is returned', async () => {
      const first = await ledger().apps.swap(APP, undefined, appState({ rulesHash: 'first' }));
      const second = await ledger().apps.swap(APP, undefined, appState({ rulesHash: 'second' }));
      expect(second).toEqual({ kind: 'lost', now: first.now });
      expect(await ledger().apps.read(APP)).toEqual(first.now);
    });

    it('are replaced by who has seen what stands, one version up, under a fresh write id', async () => {
      const first = await written(ledger().apps.swap(APP, undefined, appState()));
      const second = await written(ledger().apps.swap(APP, first, FULL_STATE));
      expect(second).toMatchObject({ v: 2, value: FULL_STATE });
      expect(second.w).not.toBe(first.w);
      expect(await ledger().apps.read(APP)).toEqual(second);
    });

    it('are not replaced by who has seen an older version', async () => {
      const first = await written(ledger().apps.swap(APP, undefined, appState()));
      const second = await written(ledger().apps.swap(APP, first, FULL_STATE));
      expect(await ledger().apps.swap(APP, first, appState())).toEqual({ kind: 'lost', now: second });
      expect(await ledger().apps.read(APP)).toEqual(second);
    });

    it.for([
      { name: 'the same version of another write', changes: { w: 'of-another-write' } },
      { name: 'another version of the same write', changes: { v: 2 } },
    ])('are not replaced by who has seen $name', async ({ changes }) => {
      const first = await written(ledger().apps.swap(APP, undefined, appState()));
      const seen = { ...first, ...changes };
      expect(await ledger().apps.swap(APP, seen, FULL_STATE)).toEqual({ kind: 'lost', now: first });
    });

    it('are not brought back by who has seen one that is gone', async () => {
      const seen: Versioned<AppState> = { v: 3, w: 'gone', value: appState() };
      expect(await ledger().apps.swap(APP, seen, appState())).toEqual({ kind: 'lost', now: undefined });
      expect(await ledger().apps.read(APP)).toBeUndefined();
    });

    it('have exactly one winner per version, however many try at once', async () => {
      let seen: Versioned<AppState> | undefined;
      for (const round of [1, 2, 3]) {
        const swaps = await Promise.all(
          Array.from({ length: 25 }, (_, index) =>
            ledger().apps.swap(APP, seen, appState({ owner: `${round}-${index}` })),
          ),
        );
        const [winner, ...others] = swaps.filter((swap) => swap.kind === 'written');
        expect(others).toEqual([]);
        expect(winner?.now.v).toBe(round);
        for (const swap of swaps) expect(swap.now).toEqual(winner?.now);
        seen = winner?.now;
      }
    });

    it('are kept apart: state, rules and lease, app from app and target from target', async () => {
      const lease = { owner: 'invocation-1', leaseUntilMs: NOW_MS, notBeforeMs: 0 };
      await ledger().apps.swap(APP, undefined, FULL_STATE);
      await ledger().ruleStarts.swap(APP, undefined, RULE_STARTS);
      await ledger().leases.swap(EMAIL, undefined, lease);
      expect((await ledger().apps.read(APP))?.value).toEqual(FULL_STATE);
      expect((await ledger().ruleStarts.read(APP))?.value).toEqual(RULE_STARTS);
      expect((await ledger().leases.read(EMAIL))?.value).toEqual(lease);
      expect(await ledger().apps.read(appKey('c-123', '7282'))).toBeUndefined();
      expect(await ledger().leases.read(SMS)).toBeUndefined();
    });

    it('do not change with the value that was handed in', async () => {
      const open = ['app#a/b|alert#1#r'];
      await ledger().apps.swap(APP, undefined, appState({ open }));
      open.push('app#a/b|alert#2#r');
      expect((await ledger().apps.read(APP))?.value.open).toEqual(['app#a/b|alert#1#r']);
    });
  });

  describe('what was swapped in reads back as it was', () => {
    it.for([
      { name: 'an app with nothing optional', state: appState() },
      { name: 'an app with everything', state: FULL_STATE },
      { name: 'an empty text', state: appState({ rulesHash: '', owner: '' }) },
      ...EVERY_FAILURE_REASON.map((because) => ({
        name: `a failure: ${because}`,
        state: appState({ failure: { because, detail: 'água, 水, 👩‍👩‍👧', sinceMs: NOW_MS, count: 1 } }),
      })),
    ])('$name', async ({ state }) => {
      await ledger().apps.swap(APP, undefined, state);
      const read = await ledger().apps.read(APP);
      expect(read?.value).toEqual(state);
      expect((await ledger().apps.load([APP])).get(APP)).toEqual(read);
    });

    it('what became undefined', async () => {
      const full = await written(ledger().apps.swap(APP, undefined, FULL_STATE));
      await ledger().apps.swap(APP, full, appState());
      const value = (await ledger().apps.read(APP))?.value;
      expect(value).toEqual(appState());
      expect(value?.failure).toBeUndefined();
    });

    it.for([
      { name: 'no rules', rules: {} },
      { name: 'rules, one of them named as a key of the table', rules: RULE_STARTS },
    ])('$name', async ({ rules }) => {
      await ledger().ruleStarts.swap(APP, undefined, rules);
      expect((await ledger().ruleStarts.read(APP))?.value).toEqual(rules);
    });

    it.for([
      { name: 'a lease that is free', lease: { owner: undefined, leaseUntilMs: 0, notBeforeMs: 0 } },
      {
        name: 'a lease that is held',
        lease: { owner: 'invocation-1', leaseUntilMs: NOW_MS, notBeforeMs: 1 },
      },
    ])('$name', async ({ lease }) => {
      await ledger().leases.swap(SMS, undefined, lease);
      expect((await ledger().leases.read(SMS))?.value).toEqual(lease);
    });
  });

  describe('loading apps', () => {
    it('gives nothing for none', async () => {
      expect(await ledger().apps.load([])).toEqual(new Map());
    });

    it('gives more than a hundred at once, repeated ones once, missing ones not', async () => {
      const apps = manyApps(130);
      const there = apps.filter((_, index) => index % 10 !== 0);
      await Promise.all(there.map((app) => ledger().apps.swap(app, undefined, appState({ app }))));
      const loaded = await ledger().apps.load(apps.flatMap((app) => [app, app]));
      expect([...loaded.keys()].sort()).toEqual([...there].sort());
      for (const [app, state] of loaded) expect(state).toMatchObject({ v: 1, value: { app } });
    });
  });
}

async function swapBudget({ budgets }: Ledger): Promise<void> {
  const budget = { hourMs: NOW_MS, hourCount: 2, monthMs: NOW_MS - 1, monthMicroUsd: 40_000 };
  const first = await written(budgets.swap(SMS, undefined, budget));
  const second = await written(budgets.swap(SMS, first, { ...budget, hourCount: 3 }));
  expect(await budgets.read(SMS)).toEqual(second);
  expect(second.value).toEqual({ ...budget, hourCount: 3 });
}

async function swapCooldown({ cooldowns }: Ledger): Promise<void> {
  const starts = [{ atMs: NOW_MS, by: 'app#c-1/100|alert#00#orders' }];
  const first = await written(cooldowns.swap('orders#00', undefined, { starts, expiresAtS: 1_800_000_000 }));
  expect(await cooldowns.read('orders#00')).toEqual(first);
  expect(first.value).toEqual({ starts, expiresAtS: 1_800_000_000 });
}

async function written<T>(swapping: Promise<Swap<T>>): Promise<Versioned<T>> {
  const swap = await swapping;
  if (swap.kind === 'lost') throw new Error('the swap was lost');
  return swap.now;
}
