import { smsPriceMicroUsd } from '../../../lib/domain/sms-price.ts';
import { receiver, rule } from '../../fixtures/alert-config.ts';
import { MINUTE_MS } from '../history.ts';
import { runWorld } from '../run-history.ts';
import { recordAt, START_MS, scenario } from '../scenario.ts';
import { withTicksAtEnd } from './ticks.ts';
import { alertsTold, messagesPerSecondMax, mustHold, smsParts } from './told.ts';

export type StormFigures = {
  /** Matching events of one app, within one minute. */
  readonly events: number;
  /** Alerts of which every channel's message names or counts them. */
  readonly covered: number;
  /** From the first event to the last message. */
  readonly minutesUntilTold: number;
  readonly messagesPerSecondMax: number;
  readonly emails: number;
  readonly smsMessages: number;
  /** What a carrier would bill. */
  readonly smsParts: number;
  /** Most SMS that one tick sent. */
  readonly smsPerTickMax: number;
  /** By the prices the budget is kept in. */
  readonly smsSpentUsd: number;
  readonly smsBudgetUsd: number;
};

/** Ticks after the storm: a digest tells at most a thousand alerts in one. */
const TICKS_AFTER = 15;

/** Reading the minute of the storm once more, as deeper tiers do, takes more than one tick. */
const TICKS_AT_END = 80;

const NUMBER = '+12025550123';
const SMS_BUDGET_USD = 0.3;
const MICRO_USD = 1_000_000;
const RECEIVER = receiver('owner', {
  email: { to: ['owner@example.com'] },
  sms: { to: [NUMBER], limits: { hourlyMax: 60, monthlyMicroUsd: SMS_BUDGET_USD * MICRO_USD } },
});

/** A storm of one app and rule for a receiver with both channels. @throws Error when a promise is broken on the way. */
export async function measureStorm(eventCount: number): Promise<StormFigures> {
  const records = Array.from({ length: eventCount }, (_, index) =>
    recordAt(1 + index / eventCount, `storm-${index}`),
  );
  const minutes = Array.from({ length: TICKS_AFTER + eventCount / 1_000 }, (_, minute) => minute);
  const { history } = scenario('storm', {
    files: [[0, { receivers: [RECEIVER], rules: [rule('orders', ['owner'])] }]],
    traits: { rowsMax: 1_000 },
    records,
    minutes,
  });
  const { world } = await runWorld(withTicksAtEnd(history, TICKS_AT_END));
  mustHold(world);
  const { published } = world.publisher;
  const sms = published.filter((one) => one.message.channel === 'sms');
  const perTick = Map.groupBy(sms, (one) => Math.floor((one.startedMs - START_MS) / MINUTE_MS));
  const parts = smsParts(sms.map((one) => one.message.body));
  const lastMs = Math.max(...published.map((one) => one.startedMs));
  return {
    events: eventCount,
    covered: alertsTold(world),
    minutesUntilTold: Math.ceil((10 * (lastMs - (records[0]?.createdMs ?? START_MS))) / MINUTE_MS) / 10,
    messagesPerSecondMax: messagesPerSecondMax(published),
    emails: published.length - sms.length,
    smsMessages: sms.length,
    smsParts: parts,
    smsPerTickMax: Math.max(...[...perTick.values()].map((ofTick) => ofTick.length)),
    smsSpentUsd: smsPriceMicroUsd([NUMBER], parts) / MICRO_USD,
    smsBudgetUsd: SMS_BUDGET_USD,
  };
}
