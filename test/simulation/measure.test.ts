import { expect, it } from 'vitest';
import { PAGES_PER_TICK_MAX } from '../../lib/domain/policy.ts';
import { measureCatchUp } from './measure/catch-up.ts';
import { measureIsolation } from './measure/isolation.ts';
import { measureStorm } from './measure/storm.ts';

it('a storm of 1,000: every alert is named or counted, at a pace people and carriers can bear', async () => {
  const storm = await measureStorm(1_000);
  expect(storm.covered).toBe(storm.events);
  expect(storm.messagesPerSecondMax).toBeLessThanOrEqual(5);
  expect(storm.smsParts).toBe(storm.smsMessages);
  expect(storm.smsPerTickMax).toBeLessThanOrEqual(20);
  expect(storm.smsSpentUsd).toBeLessThanOrEqual(storm.smsBudgetUsd);
  expect(storm.smsSpentUsd).toBeGreaterThan(0);
});

it.for([
  { name: 'few of which match', hours: 72, eventCount: 10_000, matchingEvery: 100 },
  { name: 'all of which match', hours: 24, eventCount: 1_500, matchingEvery: 1 },
])(
  'a day and more without ticks, $eventCount events, $name: nothing is lost, what is fresh comes first',
  async (gap) => {
    const figures = await measureCatchUp(gap);
    expect(figures.alertsTold).toBe(figures.alertsOwed);
    expect(figures.alertsOwed).toBeGreaterThan(gap.eventCount / gap.matchingEvery);
    expect(figures).toMatchObject({ ordered: true, selfEnqueued: 0 });
    expect(figures.ticksUntilFreshAlert).toBeLessThanOrEqual(2);
    expect(figures.pagesPerTickMax).toBeLessThanOrEqual(PAGES_PER_TICK_MAX);
    expect(figures.ticksUntilRead).toBeLessThanOrEqual(30);
  },
);

it('broken apps do not delay the others', async () => {
  const figures = await measureIsolation({ appCount: 40, brokenCount: 10, minutes: 12 });
  expect(new Set(figures.troubles).size).toBe(10);
  expect(figures.alerts).toBeGreaterThan(100);
  expect(figures.p99ChangePercent).toBeLessThanOrEqual(10);
  expect(figures.laterTicksMax).toBeLessThanOrEqual(1);
});
