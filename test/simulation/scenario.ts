import type { AlertConfig } from '../../lib/domain/alert-config.ts';
import { alertConfig, appOf, receiver, rule, smsTo } from '../fixtures/alert-config.ts';
import type { FaultRates } from './faults.ts';
import { type ApiRecord, type ApiTraits, type History, MINUTE_MS, type Outage } from './history.ts';

/** A small history in which one thing happens, to be stopped before and after every single call. */
export type Scenario = {
  readonly name: string;
  readonly history: History;
  /** Calls are counted from here on. */
  readonly fromMs: number;
};

export const START_MS = Date.UTC(2026, 10, 10, 9, 30, 12);

/** Ticks after the history proper: at once, when the hourly tier is due, and when the daily one is. */
const QUIET_MINUTES = [0, 1, 2, 3, 4, 70, 71, 72, 1_573, 1_574, 1_575, 1_576, 1_577];

const PLAIN: ApiTraits = {
  rowsMax: 100,
  order: 'descending',
  total: 'right',
  limit: 'applied',
  bounds: 'inclusive',
  refuses: 'nothing',
  shiftMs: 0,
  dates: 'second',
};

export const EMAIL = receiver('sales', { email: { to: ['sales@example.com'] } });
export const BOTH = receiver('owner', {
  email: { to: ['owner@example.com'] },
  sms: smsTo('+12025550123'),
});
export const FIRST = appOf('c-1', '100', 'Store 100');
export const SECOND = appOf('c-1', '101', 'Store 101');

type Given = {
  /** Files from a tick on; the first from the start. */
  readonly files?: readonly (readonly [number, Partial<AlertConfig>])[];
  readonly traits?: Partial<ApiTraits>;
  readonly records: readonly ApiRecord[];
  readonly rates?: FaultRates;
  readonly outages?: readonly Outage[];
  readonly shardAppsMax?: number;
  readonly turnRowsMax?: number;
  /** When a person sends back what has failed, in minutes from the start. */
  readonly operatorMinutes?: readonly number[];
  /** The ticks of the history proper, in minutes from the start; crashes happen from the second on. */
  readonly minutes?: readonly number[];
  /** Crashes from the very first tick on. */
  readonly fromStart?: boolean;
};

/** A record a number of minutes after the start. */
export function recordAt(minutes: number, name: string, over: Partial<ApiRecord> = {}): ApiRecord {
  const createdMs = START_MS + minutes * MINUTE_MS;
  const phone = '12025550199';
  return {
    name,
    app: FIRST.key,
    id: `wamid.${phone}.${name}`,
    phone,
    createdMs,
    visibleFromMs: createdMs + 5_000,
    messageFromMs: createdMs + 5_000,
    deletedAtMs: undefined,
    first: { type: 'keyword', text: 'order' },
    later: undefined,
    undated: false,
    ...over,
  };
}

export function scenario(name: string, given: Given): Scenario {
  const minutes = given.minutes ?? [0, 1, 2, 3];
  const chaosMs = minutes.map((minute) => START_MS + minute * MINUTE_MS);
  const healMs = (chaosMs.at(-1) ?? START_MS) + MINUTE_MS;
  const ticksMs = QUIET_MINUTES.map((minute) => healMs + minute * MINUTE_MS);
  const endMs = (ticksMs.at(-1) ?? healMs) + MINUTE_MS;
  const base: Partial<AlertConfig> = {
    apps: [FIRST],
    receivers: [EMAIL],
    rules: [rule('orders', ['sales'])],
  };
  const files = given.files ?? [[0, {}]];
  const [first, ...later] = files.map(([minute, file], index) => {
    const fromMs = START_MS + minute * MINUTE_MS - (minute === 0 ? 0 : 20_000);
    const config = alertConfig({ ...base, ...file, hash: `${index}`.padStart(32, '0') });
    return { fromMs, mixedUntilMs: fromMs, config };
  });
  if (first === undefined) throw new RangeError('a scenario needs a file');
  const apps = [first, ...later].flatMap((phase) => phase.config.apps);
  return {
    name,
    fromMs: given.fromStart === true ? START_MS : START_MS + MINUTE_MS,
    history: {
      seed: 1,
      startMs: START_MS,
      rates: given.rates ?? {},
      phases: [first, ...later],
      apis: Object.fromEntries(apps.map((app) => [app.key, { ...PLAIN, ...given.traits }])),
      records: given.records,
      outages: given.outages ?? [],
      shardAppsMax: given.shardAppsMax ?? 100,
      operatorMs: (given.operatorMinutes ?? []).map((minute) => START_MS + minute * MINUTE_MS),
      turnRowsMax: given.turnRowsMax ?? 200,
      ticksMs: [...chaosMs, ...ticksMs],
      healMs,
      endMs,
    },
  };
}

/** Forty apps of which ten are in trouble, and eight minutes. */
export function isolation(trouble: 'unavailable' | 'slow' | 'rate-limited'): {
  readonly history: History;
  readonly healthy: readonly string[];
} {
  const apps = Array.from({ length: 40 }, (_, index) =>
    appOf(index % 4 === 0 ? 'c-troubled' : 'c-well', `${index}`, `Store ${index}`),
  );
  const minutes = [0, 1, 2, 3, 4, 5, 6, 7];
  const untilMs = START_MS + 8 * MINUTE_MS;
  const troubled = apps.filter((app) => app.client === 'c-troubled');
  const outages =
    trouble === 'slow'
      ? []
      : troubled.map((app) => ({ app: app.key, fromMs: START_MS, untilMs, because: trouble }));
  const { history } = scenario(trouble, { files: [[0, { apps }]], records: [], minutes, outages });
  const slow = trouble === 'slow' ? troubled.map((app) => app.key) : [];
  const healthy = apps.filter((app) => app.client === 'c-well').map((app) => app.key);
  return { history: { ...history, slowUntilHeal: slow }, healthy };
}
