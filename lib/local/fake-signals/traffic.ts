import { asWanted, type FirstMatch, staggerMs } from './first-match.ts';
import { createLead, eventsOfMessage, type Lead, type LeadMessage } from './leads.ts';
import { composeFirstMatch, composeMessage } from './messages.ts';
import { createRandom, type Random, seedOf } from './random.ts';
import { createSchedule, type Schedule } from './schedule.ts';
import { wholeSecondMs } from './wire-date.ts';
import { appKeyOf, type FakeApp } from './wire-event.ts';
import type { StoredEvent, World } from './world.ts';

const HISTORY_MS = 2 * 3_600_000;
const HISTORY_PAUSE_MS = 30_000;
const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_SPREAD = 2_000;
const CONVERTED_AFTER_MS = 4_000;
const LEADS_KEPT_MAX = 12;

/** How the traffic of one world runs. */
export type TrafficOptions = {
  readonly apps: readonly [FakeApp, ...FakeApp[]];
  readonly seed: number;
  readonly startMs: number;
  /** From an app's first poll to its first matching event; every further app takes five seconds more. */
  readonly matchingDelayMs: number;
  readonly firstMatch: FirstMatch;
};

/** What drives a world. Nothing runs by itself: whoever looks at the world lets it catch up first. */
export type Traffic = {
  /** Lets everything appear that was due up to `nowMs`. */
  advance(nowMs: number): void;
  /** Notes a poll; an app's first one makes its first matching event due after the delay. */
  polled(app: FakeApp, nowMs: number): void;
};

type KnownLead = { readonly lead: Lead; readonly sentCount: number };
type Run = {
  readonly world: World;
  readonly options: TrafficOptions;
  readonly random: Random;
  readonly schedule: Schedule;
  readonly leads: Map<string, readonly KnownLead[]>;
  /** Apps that may say what matches: before their first match, only their history does. */
  readonly matched: Set<string>;
};
type Origin = StoredEvent['origin'];

/** Starts the traffic of a world: two hours of history when it is empty, then a message every one to three seconds. */
export function createTraffic(world: World, options: TrafficOptions): Traffic {
  const kept = world.events();
  const run: Run = {
    world,
    options,
    // What is kept is part of the seed: a world opened again must not repeat the ids it already gave out.
    random: createRandom(seedOf(options.seed, kept.length)),
    schedule: createSchedule(),
    leads: new Map(),
    matched: new Set(kept.filter((event) => event.origin === 'first-match').map(appKeyOfStored)),
  };
  if (kept.length === 0) tellHistory(run);
  talkAgain(run, options.startMs, options.startMs);
  // A process killed between an app's first poll and its first match still owes that match.
  for (const app of options.apps) expectFirstMatch(run, app);

  return {
    advance: (nowMs) => run.schedule.advance(nowMs),
    polled: (app, nowMs) => {
      if (world.firstPolledAtMs(app.client, app.app) !== undefined) return;
      world.markPolled(app.client, app.app, nowMs);
      expectFirstMatch(run, app);
    },
  };
}

function tellHistory(run: Run): void {
  const { startMs, apps } = run.options;
  for (let atMs = startMs - HISTORY_MS; atMs < startMs; atMs += HISTORY_PAUSE_MS) {
    say(run, run.random.pick(apps), atMs, 'history');
  }
}

/** After a sleep longer than the history, the time slept through stays silent: nobody needs a day of it at once. */
function talkAgain(run: Run, atMs: number, nowMs: number): void {
  const pauseMs = PAUSE_MS_MIN + run.random.below(PAUSE_MS_SPREAD);
  run.schedule.add({
    atMs: Math.max(atMs, nowMs - HISTORY_MS) + pauseMs,
    run: (nextMs, laterMs) => {
      say(run, run.random.pick(run.options.apps), nextMs, 'ordinary');
      talkAgain(run, nextMs, laterMs);
    },
  });
}

function say(run: Run, app: FakeApp, atMs: number, origin: Origin): void {
  const { random } = run;
  const key = appKeyOf(app);
  const known = run.leads.get(key) ?? [];
  const old = random.chance(0.6) ? known[random.below(known.length)] : undefined;
  const { lead, sentCount } = old ?? { lead: createLead(random, app, atMs), sentCount: 0 };
  const mayMatch = origin === 'history' || run.matched.has(key);

  const message = composeMessage(random, lead, { atMs, sentCount, mayMatch });
  show(run, lead, message, { origin, appearedAtMs: atMs });

  const others = known.filter((other) => other !== old);
  run.leads.set(key, [{ lead, sentCount: sentCount + 1 }, ...others].slice(0, LEADS_KEPT_MAX));
  if (message.types.includes('keyword') && random.chance(0.4))
    convertLater(run, lead, message, { origin, appearedAtMs: atMs });
}

function expectFirstMatch(run: Run, app: FakeApp): void {
  const { apps, firstMatch, matchingDelayMs } = run.options;
  const polledAtMs = run.world.firstPolledAtMs(app.client, app.app);
  if (polledAtMs === undefined || run.matched.has(appKeyOf(app))) return;
  run.schedule.add({
    atMs: polledAtMs + matchingDelayMs + staggerMs(apps, firstMatch, app),
    run: (atMs) => {
      const made = asWanted(createLead(run.random, app, atMs), firstMatch);
      const lead: Lead = { ...made, language: 'en', phone: '12025550123' };
      const message = composeFirstMatch(run.random, firstMatch, atMs);
      show(run, lead, message, { origin: 'first-match', appearedAtMs: atMs });
      run.matched.add(appKeyOf(app));
      if (!message.types.includes('converted'))
        convertLater(run, lead, message, { origin: 'ordinary', appearedAtMs: atMs });
    },
  });
}

type Appearance = { readonly origin: Origin; readonly appearedAtMs: number };

/** The source marks the message itself as the conversion, so it comes once more under the same id. */
function convertLater(
  run: Run,
  lead: Lead,
  message: LeadMessage,
  { origin, appearedAtMs }: Appearance,
): void {
  run.schedule.add({
    atMs: appearedAtMs + CONVERTED_AFTER_MS,
    run: (atMs) => {
      const converted: LeadMessage = { ...message, types: ['converted'], atMs: wholeSecondMs(atMs) };
      show(run, lead, converted, { origin, appearedAtMs: atMs });
    },
  });
}

function show(run: Run, lead: Lead, message: LeadMessage, { origin, appearedAtMs }: Appearance): void {
  const { client } = lead.app;
  run.world.append(
    eventsOfMessage(lead, message).map((event) => ({ kind: 'event', client, origin, appearedAtMs, event })),
  );
}

function appKeyOfStored({ client, event }: StoredEvent): string {
  return appKeyOf({ client, app: event.app_id });
}
