import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutShards } from '../../lib/domain/shards.ts';
import { appOf } from '../fixtures/alert-config.ts';

const appsOf = (...counts: number[]) =>
  counts.flatMap((count, client) =>
    Array.from({ length: count }, (_, app) => appOf(`c-${client}`, `${app}`)),
  );
const sizes = (...counts: number[]) => cutShards(appsOf(...counts), 10).map(({ apps }) => apps.length);

describe('cutting shards', () => {
  it('keeps clients together where they fit and starts a new shard where they do not', () => {
    expect(sizes(3, 4)).toEqual([7]);
    expect(sizes(4, 6)).toEqual([10]);
    expect(sizes(6, 6)).toEqual([6, 6]);
    expect(sizes(10)).toEqual([10]);
    expect(sizes(25)).toEqual([10, 10, 5]);
    expect(sizes(5, 25)).toEqual([5, 10, 10, 5]);
    expect(sizes()).toEqual([]);
  });

  it('always holds every app once, in shards numbered from 0 and never too large', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 12 }),
        (counts, max) => {
          const apps = appsOf(...counts);
          const shards = cutShards(apps, max);
          expect(
            shards
              .flatMap((shard) => shard.apps)
              .map(({ key }) => key)
              .sort(),
          ).toEqual(apps.map(({ key }) => key).sort());
          expect(shards.map(({ index }) => index)).toEqual(shards.map((_, index) => index));
          expect(Math.max(0, ...shards.map((shard) => shard.apps.length))).toBeLessThanOrEqual(max);
        },
      ),
      { numRuns: 200 },
    );
  });
});
