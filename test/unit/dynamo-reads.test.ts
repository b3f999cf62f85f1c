import { describe, expect } from 'vitest';
import { formatKey } from '../../lib/domain/ledger-row.ts';
import type { Body, Fault } from '../contract/faulty-proxy.ts';
import { it } from '../contract/faulty-world.ts';
import { alertRow, appState, EMAIL, manyApps } from '../contract/ledger-values.ts';

describe.concurrent('a batched read', () => {
  /** Answers the first `count` keys only, and names the rest as not processed. */
  function answering(count: number): Fault {
    type Asked = { RequestItems: Record<string, { Keys: unknown[] }> };
    const split = (body: Body, from: number, to?: number) =>
      Object.fromEntries(
        Object.entries((body as Asked).RequestItems).map(([table, { Keys }]) => [
          table,
          { Keys: Keys.slice(from, to) },
        ]),
      );
    return {
      kind: 'rewrite',
      request: (body) => ({ ...body, RequestItems: split(body, 0, count) }),
      answer: (answer, body) => ({ ...answer, UnprocessedKeys: split(body, count) }),
    };
  }

  it('of rows asks again for keys that were not processed', async ({
    world: { proxy, ledger, other, sent },
  }) => {
    const rows = Array.from({ length: 30 }, (_, index) => alertRow(`e-${index}`));
    await Promise.all(rows.map((row) => other.rows.claim(row)));
    proxy.inject('BatchGetItem', [answering(10), answering(1), answering(12)]);
    const found = await ledger.rows.lookUp(rows.map((row) => row.key));
    expect(found).toEqual(new Map(rows.map((row) => [formatKey(row.key), row])));
    const counts = sent('BatchGetItem').map(
      ({ RequestItems }) =>
        Object.values(RequestItems as Record<string, { Keys: unknown[] }>)[0]?.Keys.length,
    );
    expect(counts).toEqual([30, 20, 19, 7]);
  });

  it('of apps asks again for keys that were not processed', async ({ world: { proxy, ledger, other } }) => {
    const apps = manyApps(12);
    await Promise.all(apps.map((app) => other.apps.swap(app, undefined, appState({ app }))));
    proxy.inject('BatchGetItem', [answering(5), answering(3)]);
    expect([...(await ledger.apps.load(apps)).keys()].sort()).toEqual([...apps].sort());
  });

  it('throws when keys are never processed: they are not taken for missing', {
    timeout: 15_000,
  }, async ({ world: { proxy, ledger, other } }) => {
    await other.rows.claim(alertRow('e'));
    proxy.inject(
      'BatchGetItem',
      Array.from({ length: 50 }, () => oneLeft()),
    );
    await expect(ledger.rows.lookUp([alertRow('e').key, alertRow('f').key])).rejects.toThrow(
      /left unanswered/,
    );

    function oneLeft(): Fault {
      return {
        kind: 'rewrite',
        request: (body) => body,
        answer: (answer, body) => ({ ...answer, UnprocessedKeys: body['RequestItems'] }),
      };
    }
  });
});

describe.concurrent('a list', () => {
  it('is read on to its end when the table gives it in parts', async ({
    world: { proxy, ledger, other },
  }) => {
    const items = Array.from({ length: 9 }, (_, index) => ({
      untilMs: index,
      target: EMAIL,
      key: alertRow('e').key,
    }));
    await Promise.all(items.map((item) => other.held.put(item)));
    const inTwos: Fault = {
      kind: 'rewrite',
      request: (body) => ({ ...body, Limit: 2 }),
      answer: (answer) => answer,
    };
    proxy.inject(
      'Query',
      Array.from({ length: 10 }, () => inTwos),
    );
    expect(await ledger.held.listDue(100, 7)).toEqual(items.slice(0, 7));
    proxy.inject(
      'Query',
      Array.from({ length: 10 }, () => inTwos),
    );
    expect(await ledger.held.listDue(100, 50)).toEqual(items);
  });
});
