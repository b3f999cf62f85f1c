import { expect, it } from 'vitest';
import { PAGES_PER_TICK_MAX } from '../../lib/domain/policy.ts';
import { measureCatchUp } from '../simulation/measure/catch-up.ts';
import { measureIsolation } from '../simulation/measure/isolation.ts';
import { measureStorm } from '../simulation/measure/storm.ts';

// The sizes that are promised; npm test runs smaller ones.
const TIMEOUT_MS = 240_000;

it('a storm of 10,000 in a minute: every alert is named or counted, within the pace and the budget', {
  timeout: TIMEOUT_MS,
}, async () => {
  const storm = await measureStorm(10_000);
  expect(storm.covered).toBe(10_000);
  expect(storm.messagesPerSecondMax).toBeLessThanOrEqual(5);
  expect(storm.smsParts).toBe(storm.smsMessages);
  expect(storm.smsSpentUsd).toBeLessThanOrEqual(storm.smsBudgetUsd);
});

it('72 hours without ticks, 100,000 events: nothing is lost, a fresh alert within two ticks', {
  timeout: TIMEOUT_MS,
}, async () => {
  const figures = await measureCatchUp({ hours: 72, eventCount: 100_000, matchingEvery: 100 });
  expect(figures.alertsTold).toBe(figures.alertsOwed);
  expect(figures).toMatchObject({ ordered: true, selfEnqueued: 0 });
  expect(figures.ticksUntilFreshAlert).toBeLessThanOrEqual(2);
  expect(figures.ticksUntilTold).toBeLessThanOrEqual(30);
  expect(figures.pagesPerTickMax).toBeLessThanOrEqual(PAGES_PER_TICK_MAX);
});

it('10 of 100 apps broken: the others are not delayed', { timeout: TIMEOUT_MS }, async () => {
  const figures = await measureIsolation({ appCount: 100, brokenCount: 10, minutes: 60 });
  expect(new Set(figures.troubles).size).toBe(10);
  expect(figures.p99ChangePercent).toBeLessThanOrEqual(10);
  expect(figures.laterTicksMax).toBeLessThanOrEqual(1);
});
