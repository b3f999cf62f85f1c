import { rule } from '../../fixtures/alert-config.ts';
import { type ApiRecord, type History, MINUTE_MS } from '../history.ts';
import { runWorld } from '../run-history.ts';
import { EMAIL, FIRST, recordAt, START_MS, scenario } from '../scenario.ts';
import type { World } from '../world.ts';
import { type Request, requestsByPoll } from './requests.ts';
import { alertsTold, firstToldMs, mustHold } from './told.ts';

export type CatchUpFigures = {
  readonly hoursWithoutTicks: number;
  readonly eventsInGap: number;
  readonly alertsOwed: number;
  readonly alertsTold: number;
  /** From the first tick on until an event that is no older than that tick's own window is told. */
  readonly ticksUntilFreshAlert: number;
  /** Until everything has been read up to the present. */
  readonly ticksUntilRead: number;
  /** Until everything has been told as well. */
  readonly ticksUntilTold: number;
  readonly pagesPerTickMax: number;
  /** Whether every poll read the newest window first and then the gap from its oldest end on. */
  readonly ordered: boolean;
  /** Invocations no schedule asked for. */
  readonly selfEnqueued: number;
  readonly emails: number;
};

const TICKS_AFTER = 240;
const LOOKBACK_MS = 15 * MINUTE_MS;

type Gap = {
  readonly hours: number;
  readonly eventCount: number;
  /** One event in so many matches the rule. */
  readonly matchingEvery: number;
};

/** One app, a long time without ticks, and then one a minute. @throws Error when a promise is broken on the way. */
export async function measureCatchUp(gap: Gap): Promise<CatchUpFigures> {
  const history = historyOf(gap);
  const healMs = history.ticksMs[2] ?? START_MS;
  const { world, owed } = await runWorld(history, { keepsTrace: true });
  mustHold(world);
  const told = firstToldMs(world.publisher.published);
  const ticksAt = (atMs: number): number => Math.floor((atMs - healMs) / MINUTE_MS) + 1;
  const fresh = [...told].filter(([rowId]) => (occurredAt(world, rowId) ?? 0) >= healMs - LOOKBACK_MS);
  const readMs = (world.truth.pastApps.get(FIRST.key) ?? []).find(
    ({ atMs, value }) => atMs >= healMs && atMs - value.value.watermarkMs < 2 * MINUTE_MS,
  );
  const ofGap = [...told].filter(([rowId]) => (occurredAt(world, rowId) ?? healMs) < healMs);
  return {
    hoursWithoutTicks: gap.hours,
    eventsInGap: gap.eventCount,
    alertsOwed: owed,
    alertsTold: alertsTold(world),
    ticksUntilFreshAlert: ticksAt(Math.min(...fresh.map(([, atMs]) => atMs))),
    ticksUntilRead: ticksAt(readMs?.atMs ?? Number.POSITIVE_INFINITY),
    ticksUntilTold: ticksAt(ofGap.reduce((latest, [, atMs]) => Math.max(latest, atMs), healMs)),
    ...requestsOf(world, healMs),
    selfEnqueued: world.lives.length - 2 * history.ticksMs.length,
    emails: world.publisher.published.length,
  };
}

function historyOf({ hours, eventCount, matchingEvery }: Gap): History {
  const gapMinutes = hours * 60;
  const inGap = Array.from({ length: eventCount }, (_, index) =>
    eventAt(2 + (index / eventCount) * gapMinutes, index, index % matchingEvery === 0),
  );
  const minutes = [0, 1, ...Array.from({ length: TICKS_AFTER }, (_, minute) => 2 + gapMinutes + minute)];
  // Life goes on while the gap is read: one alert a minute.
  const after = Array.from({ length: TICKS_AFTER - 10 }, (_, minute) =>
    eventAt(2.5 + gapMinutes + minute, eventCount + minute, true),
  );
  const { history } = scenario('catch-up', {
    files: [[0, { receivers: [EMAIL], rules: [rule('orders', ['sales'], { keywords: ['order'] })] }]],
    traits: { rowsMax: 1_000 },
    records: [...inGap, ...after],
    minutes,
  });
  // Deeper tiers would find nothing new in the hours that a scenario goes on for.
  const ticksMs = history.ticksMs.slice(0, minutes.length);
  return { ...history, ticksMs, healMs: START_MS, endMs: (ticksMs.at(-1) ?? START_MS) + MINUTE_MS };
}

function eventAt(minutes: number, index: number, isMatching: boolean): ApiRecord {
  return recordAt(minutes, `e${index}`, {
    first: { type: 'keyword', text: isMatching ? 'order' : 'good morning' },
  });
}

function requestsOf(world: World, healMs: number) {
  const polls = [...requestsByPoll(world).values()].filter(([first]) => (first?.atMs ?? 0) >= healMs);
  return {
    pagesPerTickMax: Math.max(...polls.map((asked) => asked.length)),
    ordered: polls.every(isInOrder),
  };
}

/** What reaches the present comes first, then the gap from its oldest end on, and last what lies behind the gap. */
function isInOrder(asked: readonly Request[]): boolean {
  const past = asked.filter((one) => one.untilMs <= one.atMs);
  const present = asked.slice(0, asked.length - past.length);
  const gapFromMs = past[0]?.fromMs ?? 0;
  const gap = past.filter((one) => one.fromMs >= gapFromMs);
  const behind = past.slice(gap.length);
  return (
    present.every((one) => one.untilMs > one.atMs) &&
    behind.every((one) => one.fromMs < gapFromMs) &&
    isAscending(gap) &&
    isAscending(behind)
  );
}

function isAscending(asked: readonly Request[]): boolean {
  return asked.every((one, index) => one.fromMs >= (asked[index - 1]?.fromMs ?? one.fromMs));
}

function occurredAt({ truth }: World, rowId: string): number | undefined {
  return truth.rows.get(rowId)?.facts.occurredAtMs;
}
