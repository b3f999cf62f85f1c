import type { Receiver } from '../../lib/domain/alert-config.ts';
import type { SmsLimits } from '../../lib/domain/sms-budget.ts';
import { appOf, rule } from '../fixtures/alert-config.ts';
import { type ApiRecord, DAY_MS, HOUR_MS, MINUTE_MS } from './history.ts';
import { BOTH, EMAIL, FIRST, recordAt, type Scenario, SECOND, START_MS, scenario } from './scenario.ts';

const storm = (count: number): readonly ApiRecord[] =>
  Array.from({ length: count }, (_, index) => recordAt(0.2 + index / 100, `storm-${index}`));

/** Everything by e-mail and SMS, within these limits. */
const limited = (limits: Partial<SmsLimits>): Receiver => ({
  ...BOTH,
  sms: { to: ['+12025550123'], limits: { hourlyMax: 60, monthlyMicroUsd: undefined, ...limits } },
});

const edited = rule('orders', ['sales'], { keywords: ['order'] });
const added = rule('refunds', ['sales'], { keywords: ['refund'] });
const backfilled = rule('past', ['sales'], { keywords: ['refund'], sinceMs: START_MS - 10 * DAY_MS });
const unset = { ...FIRST, timeZoneIsSet: false };

/** Every kind of thing that happens to an alert. */
export const SCENARIOS: readonly Scenario[] = [
  scenario('one alert', { records: [recordAt(0.3, 'a')] }),
  scenario('an app is started', { records: [recordAt(0.3, 'a')], fromStart: true, minutes: [0, 1] }),
  scenario('two receivers', {
    files: [[0, { receivers: [EMAIL, BOTH], rules: [rule('orders', ['sales', 'owner'])] }]],
    records: [recordAt(0.3, 'a')],
  }),
  scenario('an SMS and an e-mail', {
    files: [[0, { receivers: [BOTH], rules: [rule('orders', ['owner'])] }]],
    records: [recordAt(0.3, 'a'), recordAt(0.4, 'b')],
  }),
  scenario('more SMS than an hour may have', {
    files: [[0, { receivers: [limited({ hourlyMax: 2 })], rules: [rule('orders', ['owner'])] }]],
    records: [recordAt(0.3, 'a'), recordAt(0.4, 'b'), recordAt(0.5, 'c'), recordAt(0.6, 'd')],
  }),
  scenario('more SMS than a month may cost, and e-mail in their place', {
    files: [[0, { receivers: [limited({ monthlyMicroUsd: 20_000 })], rules: [rule('orders', ['owner'])] }]],
    records: [recordAt(0.3, 'a'), recordAt(0.4, 'b'), recordAt(0.5, 'c')],
  }),
  scenario('a lead who cools down', {
    files: [[0, { rules: [{ ...rule('orders', ['sales']), cooldown: { forMs: HOUR_MS, per: 'lead' } }] }]],
    records: [recordAt(0.3, 'a'), recordAt(0.4, 'b'), recordAt(1.4, 'c')],
  }),
  scenario('a lead who cools down by an event that is deleted', {
    files: [[0, { rules: [{ ...rule('orders', ['sales']), cooldown: { forMs: HOUR_MS, per: 'lead' } }] }]],
    records: [recordAt(0.3, 'a', { deletedAtMs: START_MS + 1.5 * MINUTE_MS }), recordAt(1.4, 'b')],
  }),
  scenario('a storm by e-mail and SMS', {
    files: [[0, { receivers: [BOTH], rules: [rule('orders', ['owner'])] }]],
    records: storm(12),
    turnRowsMax: 4,
  }),
  scenario('a storm, held and told as a digest', { records: storm(16), minutes: [0, 1, 2, 3] }),
  scenario('more alerts than one turn can name', {
    turnRowsMax: 3,
    records: storm(8),
    minutes: [0, 1, 2],
  }),
  scenario('a table so slow that time runs out', {
    records: storm(14),
    rates: { 'ledger-slow': 1 },
    turnRowsMax: 3,
    minutes: [0, 1, 2, 3],
  }),
  scenario('a refusal, held and tried again', {
    records: [recordAt(0.3, 'a')],
    rates: { 'sns-refused': 0.8 },
  }),
  scenario('unknown outcomes until it is given up', {
    records: [recordAt(0.3, 'a')],
    rates: { 'sns-unknown-lost': 1 },
    minutes: [0, 1, 2, 3, 4, 5],
  }),
  scenario('unknown outcomes that did arrive', {
    files: [[0, { receivers: [BOTH], rules: [rule('orders', ['owner'])] }]],
    records: [recordAt(0.3, 'a')],
    rates: { 'sns-unknown-applied': 0.6 },
  }),
  scenario('a text refused as invalid, and plain text instead', {
    records: [recordAt(0.3, 'a')],
    rates: { 'sns-invalid': 1 },
  }),
  scenario('plain text refused as well', {
    records: [recordAt(0.3, 'a')],
    rates: { 'sns-invalid': 1, 'sns-invalid-plain': 1 },
  }),
  scenario('a person sends back what was given up', {
    records: [recordAt(0.3, 'a')],
    rates: { 'sns-invalid': 1, 'sns-invalid-plain': 1 },
    operatorMinutes: [2.5, 4.3, 6.5],
  }),
  scenario('a person sends back what was given up, while the digest looks', {
    records: [recordAt(0.3, 'a')],
    rates: { 'sns-invalid': 1, 'sns-invalid-plain': 1, 'ledger-slow': 0.4 },
    operatorMinutes: [1.98, 2.98, 3.98, 7.5],
    minutes: [0, 1, 2, 3, 4],
  }),
  scenario('a digest refused as invalid', {
    records: storm(13),
    rates: { 'sns-invalid': 0.5 },
    minutes: [0, 1, 2, 3],
  }),
  scenario('two rules on one event', {
    files: [[0, { rules: [rule('orders', ['sales']), rule('words', ['sales'], { keywords: ['order'] })] }]],
    records: [recordAt(0.3, 'a')],
  }),
  scenario('a message under two types', {
    records: [
      recordAt(0.3, 'a'),
      recordAt(0.3, 'a-again', { id: 'wamid.12025550199.a', first: { type: 'converted', text: 'order' } }),
    ],
  }),
  scenario('an event that becomes another type', {
    files: [[0, { rules: [rule('conversions', ['sales'], { types: ['converted'] })] }]],
    records: [
      recordAt(0.3, 'a', { later: { type: 'converted', text: 'order', fromMs: START_MS + 2.5 * MINUTE_MS } }),
    ],
    minutes: [0, 1, 2, 3, 4],
  }),
  scenario('a new rule', {
    files: [
      [0, {}],
      [2, { rules: [rule('orders', ['sales'], { keywords: ['order'] }), added] }],
    ],
    records: [recordAt(1.2, 'a'), recordAt(3.2, 'b', { first: { type: 'keyword', text: 'refund' } })],
    minutes: [0, 1, 2, 3, 4],
  }),
  scenario('an edited rule', {
    files: [
      [0, { rules: [rule('orders', ['sales'], { types: ['converted'] })] }],
      [2, { rules: [edited] }],
    ],
    records: [recordAt(0.5, 'a'), recordAt(2.5, 'b')],
    minutes: [0, 1, 2, 3],
  }),
  scenario('a rule that is taken away while an alert is open', {
    files: [
      [0, { rules: [rule('orders', ['sales'])] }],
      [2, { rules: [rule('elsewhere', ['sales'], { apps: ['999'] })] }],
    ],
    records: [recordAt(0.5, 'a')],
  }),
  scenario('a receiver that is taken away while an alert is held', {
    files: [
      [0, { receivers: [EMAIL, BOTH], rules: [rule('orders', ['sales', 'owner'])] }],
      [2, { receivers: [EMAIL], rules: [rule('orders', ['sales'])] }],
    ],
    records: [recordAt(0.5, 'a')],
    rates: { 'sns-refused': 0.9 },
  }),
  scenario('seeding under an unknown zone', {
    files: [[0, { apps: [unset] }]],
    traits: { shiftMs: -3 * HOUR_MS },
    records: [recordAt(-30, 'before'), recordAt(-200, 'earlier'), recordAt(1.3, 'a')],
    fromStart: true,
    minutes: [0, 1, 2],
  }),
  scenario('an unknown zone ahead of the configured one', {
    files: [[0, { apps: [unset] }]],
    traits: { shiftMs: 9 * HOUR_MS, refuses: 'time-of-day' },
    records: [recordAt(-30, 'before'), recordAt(1.3, 'a')],
    fromStart: true,
    minutes: [0, 1, 2],
  }),
  scenario('a gap after an outage', {
    traits: { rowsMax: 10 },
    records: [
      ...Array.from({ length: 14 }, (_, index) => recordAt(20 + index * 7, `gap-${index}`)),
      recordAt(118, 'new'),
    ],
    minutes: [0, 120, 121],
  }),
  scenario('a gap of which rows are deleted while it is read', {
    traits: { rowsMax: 10, order: 'ascending' },
    records: Array.from({ length: 11 }, (_, index) =>
      recordAt(20 + index, `${index < 3 ? 'doomed' : 'kept'}-${index}`),
    ),
    rates: { 'event-deleted-while-read': 1 },
    minutes: [0, 120],
  }),
  scenario('a 429 until a moment', {
    records: [recordAt(0.3, 'a')],
    rates: { 'api-rate-limited-until': 0.5 },
    minutes: [0, 1, 2, 3, 4],
  }),
  scenario('two apps of one client, one refused with 429', {
    files: [[0, { apps: [FIRST, SECOND] }]],
    records: [recordAt(0.3, 'a'), recordAt(0.4, 'b', { app: SECOND.key })],
    outages: [
      { app: FIRST.key, fromMs: START_MS, untilMs: START_MS + 3 * MINUTE_MS, because: 'rate-limited' },
    ],
  }),
  scenario('two clients, one told to wait by a 429', {
    files: [[0, { apps: [FIRST, appOf('c-2', '102', 'Store 102')] }]],
    records: [recordAt(0.3, 'a')],
    rates: { 'api-rate-limited-until': 0.3 },
  }),
  scenario('two shards', {
    files: [[0, { apps: [FIRST, SECOND] }]],
    records: [recordAt(0.3, 'a'), recordAt(0.4, 'b', { app: SECOND.key })],
    shardAppsMax: 1,
  }),
  scenario('a late event', {
    records: [recordAt(0.2, 'a', { visibleFromMs: START_MS + 2.4 * MINUTE_MS })],
    minutes: [0, 1, 2, 3],
  }),
  scenario('an event so late that the hourly tier finds it', {
    records: [recordAt(1, 'a', { visibleFromMs: START_MS + 50 * MINUTE_MS }), recordAt(80, 'b')],
    minutes: [0, 30, 31, 49, 70, 81],
  }),
  scenario('polls that were down for more than 28 days', {
    records: [recordAt(41_000, 'a')],
    minutes: [0, 1, 41_001, 41_002],
  }),
  scenario('an API that knows only days', {
    traits: { bounds: 'whole-days', rowsMax: 10, order: 'ascending' },
    records: [
      ...Array.from({ length: 11 }, (_, index) => recordAt(-60 + index, `old-${index}`)),
      recordAt(0.3, 'a'),
    ],
    minutes: [0, 1],
  }),
  scenario('a backfill of the past', {
    files: [
      [0, {}],
      [2, { rules: [rule('orders', ['sales'], { keywords: ['order'] }), backfilled] }],
    ],
    records: [
      recordAt(-9 * 24 * 60, 'old', { first: { type: 'keyword', text: 'refund' } }),
      recordAt(-60, 'newer', { first: { type: 'keyword', text: 'refund' } }),
    ],
    minutes: [0, 1, 2, 3],
  }),
  scenario('a backfill while old and new code overlap', {
    files: [
      [0, {}],
      [1, { rules: [rule('orders', ['sales'], { keywords: ['order'] }), backfilled] }],
      [2, {}],
      [3, { rules: [rule('orders', ['sales'], { keywords: ['order'] }), backfilled] }],
    ],
    records: [recordAt(-9 * 24 * 60, 'old', { first: { type: 'keyword', text: 'refund' } })],
    minutes: [0, 1, 2, 3, 4],
  }),
  scenario('a takeover of what a doubled tick left', {
    records: [recordAt(0.3, 'a'), recordAt(1.4, 'b')],
    rates: { 'tick-doubled': 1 },
    minutes: [0, 1, 2],
  }),
];
