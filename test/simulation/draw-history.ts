import type { App } from '../../lib/domain/alert-config.ts';
import type { FailureReason } from '../../lib/domain/app-state.ts';
import type { AppKey } from '../../lib/domain/identity.ts';
import { drawPhases, TYPES, WORDS } from './draw-config.ts';
import { LARGE, type Size, SMALL } from './draw-size.ts';
import { drawRates, type FaultRates } from './faults.ts';
import {
  type ApiRecord,
  type ApiTraits,
  DAY_MS,
  type History,
  HOUR_MS,
  MINUTE_MS,
  type Outage,
  type Parts,
  type Version,
} from './history.ts';
import { type Random, seededRandom } from './random.ts';
import { throughAdapters } from './wire/through-adapters.ts';

const EPOCH_MS = Date.UTC(2026, 10, 2, 21, 17, 23);

const FAILURES: readonly FailureReason[] = [
  'unauthorised',
  'forbidden',
  'gone',
  'rate-limited',
  'unavailable',
  'unreadable',
];

/** One history in so many runs through the adapters. */
const ADAPTERS_EVERY = 25;

/** One history in so many is large. */
const LARGE_EVERY = 4;

/** Everything about one history, from its number alone; `parts` are drawn too, unless they are given. */
export function drawHistory(seed: number, { parts }: { readonly parts?: Parts | undefined } = {}): History {
  const isDrawn = seededRandom(seed, 5).chance(1 / ADAPTERS_EVERY);
  const isThroughAdapters = parts === undefined ? isDrawn : parts === 'adapters';
  // Large, because what goes wrong on the way to SNS needs messages.
  return isThroughAdapters ? throughAdapters(drawAtPorts(seed, LARGE)) : drawAtPorts(seed);
}

function drawAtPorts(seed: number, given?: Size): History {
  const random = seededRandom(seed, 1);
  const isLarge = random.chance(1 / LARGE_EVERY);
  const size = given ?? (isLarge ? LARGE : SMALL);
  const rates = drawRates(random);
  const startMs = EPOCH_MS + random.int(0, 32 * DAY_MS);
  const chaosMs = chaosTicks(random, startMs, size);
  const healMs = (chaosMs.at(-1) ?? startMs) + MINUTE_MS;
  const { ticksMs, quietMs, endMs } = quietTicks(healMs, size);
  const phases = drawPhases(random, rates, size, { startMs, healMs });
  const apps = new Map(phases.flatMap((phase) => phase.config.apps).map((app) => [app.key, app]));
  const apis: Record<AppKey, ApiTraits> = {};
  const records: ApiRecord[] = [];
  const outages: Outage[] = [];
  for (const app of apps.values()) {
    const traits = drawTraits(random, app);
    apis[app.key] = traits;
    records.push(...drawRecords({ random, rates, size, app, traits }, { startMs, healMs, quietMs }));
    if (random.chance(rates['source-outage'] ?? 0)) {
      const fromMs = startMs + random.int(0, 5) * MINUTE_MS;
      const untilMs = Math.min(fromMs + random.int(1, 20) * MINUTE_MS, healMs);
      outages.push({ app: app.key, fromMs, untilMs, because: random.pick(FAILURES) });
    }
  }
  return {
    seed,
    startMs,
    rates,
    phases,
    apis,
    records,
    outages,
    shardAppsMax: random.pick([1, 2, 100]),
    operatorMs: random.chance(0.5) ? [healMs - random.int(0, 3 * MINUTE_MS), healMs + 150_000] : [],
    turnRowsMax: random.pick([3, 20, 200]),
    ticksMs: [...chaosMs, ...ticksMs],
    healMs,
    endMs,
  };
}

/** Minutes in which everything may go wrong, at times with a long pause of the scheduler between them. */
function chaosTicks(random: Random, startMs: number, size: Size): readonly number[] {
  const ticks: number[] = [];
  let atMs = startMs;
  for (let left = random.int(4, size.chaosTicks); left > 0; left -= 1) {
    ticks.push(atMs);
    atMs += MINUTE_MS;
    if (random.chance(0.04)) atMs += random.pick([10, 40, 90, 600, 1_800]) * MINUTE_MS;
  }
  return ticks;
}

/** An hour and a half after faults have stopped: the hourly tier, and apps that backed off. */
const HOURLY_MINUTES = [90, 91, 92];
/** A day later: the daily tier, and the last records. */
const DAILY_MINUTES = [1_600, 1_601, 1_602, 1_603, 1_604, 1_606];

/** The ticks in which all must drain, nineteen at most; `quietMs`: from when on the last records appear. */
function quietTicks(healMs: number, { healingMinutes }: Size) {
  const ticksMs = [...healingMinutes, ...HOURLY_MINUTES, ...DAILY_MINUTES].map(
    (minute) => healMs + minute * MINUTE_MS,
  );
  const quietMs = healMs + (DAILY_MINUTES[0] ?? 0) * MINUTE_MS;
  return { ticksMs, quietMs, endMs: (ticksMs.at(-1) ?? healMs) + MINUTE_MS };
}

function drawTraits(random: Random, app: App): ApiTraits {
  const traits: ApiTraits = {
    rowsMax: random.pick([12, 16, 20, 100]),
    order: random.pick(['ascending', 'descending', 'arbitrary', 'unstable-ties']),
    total: random.pick(['right', 'absent', 'zero', 'of-page', 'capped', 'too-high']),
    limit: random.pick(['asked', 'applied', 'absent']),
    bounds: random.pick(['inclusive', 'exclusive', 'inclusive', 'exclusive', 'whole-days']),
    refuses: random.pick(['nothing', 'nothing', 'nothing', 'future', 'time-of-day', 'both']),
    shiftMs: app.timeZoneIsSet ? 0 : random.pick([0, -11, -8, -3, 1, 5.5, 9, 14]) * HOUR_MS,
    dates: random.chance(0.06) ? 'day' : 'second',
  };
  // Of days, few pages: a day of many is read three times over, by half pages, within the pages of a tick or never.
  return knowsSeconds(traits) ? traits : { ...traits, rowsMax: 100 };
}

type Drawing = {
  readonly random: Random;
  readonly rates: FaultRates;
  readonly size: Size;
  readonly app: App;
  readonly traits: ApiTraits;
};

function drawRecords(
  { random, rates, size, app, traits }: Drawing,
  span: { readonly startMs: number; readonly healMs: number; readonly quietMs: number },
): readonly ApiRecord[] {
  const records: ApiRecord[] = [];
  const chaosMs = span.healMs - span.startMs;
  const add = (name: string, createdMs: number): void => {
    records.push(...drawMessage(random, rates, app, `${name}-${records.length}`, createdMs, span));
  };
  // Before the app was ever polled, for backfills and for what must not be told.
  for (let left = random.int(0, size.oldRecords); left > 0; left -= 1) {
    add('old', span.startMs - random.pick([random.int(0, HOUR_MS), random.int(0, 20 * DAY_MS)]));
  }
  for (let left = random.int(1, size.liveRecords); left > 0; left -= 1)
    add('live', span.startMs + random.int(0, chaosMs));
  // In the seconds in which apps start.
  if (random.chance(0.3)) add('first', span.startMs + random.int(0, 2_000));
  if (size.storms && random.chance(rates['event-storm'] ?? 0)) {
    const atMs = span.startMs + random.int(0, chaosMs);
    // More than one turn can name, and one message: from an API that can give them.
    const isBig = traits.rowsMax === 100 && knowsSeconds(traits);
    for (let left = isBig ? 230 : random.int(10, 40); left > 0; left -= 1) {
      add('storm', atMs + random.int(0, 60_000));
    }
  }
  // After everything has healed: whatever happened before, these must be told.
  add('last', span.quietMs + random.int(0, MINUTE_MS));
  return records;
}

/** Where bounds or dates are days, a day of a large storm takes more ticks than are given to drain. */
function knowsSeconds({ bounds, refuses, dates }: ApiTraits): boolean {
  const takesTimes = refuses === 'nothing' || refuses === 'future';
  return takesTimes && bounds !== 'whole-days' && dates === 'second';
}

function drawMessage(
  random: Random,
  rates: FaultRates,
  app: App,
  name: string,
  createdMs: number,
  { healMs }: { readonly healMs: number },
): readonly ApiRecord[] {
  const happens = (kind: keyof FaultRates): boolean => random.chance(rates[kind] ?? 0);
  // Of the range reserved for fiction.
  const phone = `120255501${String(random.int(0, 9999) % 100).padStart(2, '0')}`;
  const visibleFromMs = createdMs + drawLateness(random, happens);
  const isLast = createdMs > healMs;
  const isDeleted = !isLast && happens('event-deleted');
  const isDoomed = !isLast && happens('event-deleted-while-read');
  const first = drawVersion(random);
  const changesMs = visibleFromMs + random.int(30_000, 10 * MINUTE_MS);
  const record: ApiRecord = {
    name: `${isDoomed ? 'doomed' : 'kept'}-${app.app}-${name}`,
    app: app.key,
    id: happens('event-without-id') ? undefined : `wamid.${phone}.${name}`,
    phone,
    createdMs,
    visibleFromMs,
    messageFromMs: visibleFromMs,
    deletedAtMs: isDeleted ? visibleFromMs + random.int(0, 10 * MINUTE_MS) : undefined,
    first,
    later: !isLast && happens('event-changed') ? { ...drawVersion(random), fromMs: changesMs } : undefined,
    undated: happens('event-undated'),
  };
  if (!happens('event-under-two-types') || record.id === undefined) return [record];
  const again = {
    ...record,
    name: `${record.name}-again`,
    first: { ...first, type: 'converted' },
    later: undefined,
  };
  return [record, { ...again, visibleFromMs: visibleFromMs + random.int(0, 3 * MINUTE_MS) }];
}

function drawLateness(random: Random, happens: (kind: keyof FaultRates) => boolean): number {
  if (happens('event-late-days')) return random.int(0, 5 * DAY_MS);
  if (happens('event-late-hours')) return random.int(0, 20 * HOUR_MS);
  if (happens('event-late-minutes')) return random.int(0, 14 * MINUTE_MS);
  return random.int(0, 20_000);
}

function drawVersion(random: Random): Version {
  const words = WORDS.filter(() => random.chance(0.4));
  return {
    type: random.pick(TYPES),
    text: [...words, random.pick(['', 'secret-text', 'testing'])].join(' ').trim(),
  };
}
