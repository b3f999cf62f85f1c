import type { AlertConfig, App } from '../../../lib/domain/alert-config.ts';
import type { AppKey } from '../../../lib/domain/identity.ts';
import { drawWireRates } from '../faults.ts';
import { type ApiRecord, type ApiTraits, type History, HOUR_MS, type Phase } from '../history.ts';
import { type Random, seededRandom } from '../random.ts';
import { canonicalText } from './signals-replies.ts';

/** Zones of APIs, with and without changes of clocks, and two instants at which clocks change there. */
const ZONES: Readonly<Record<string, readonly string[]>> = {
  UTC: [],
  'America/Sao_Paulo': [],
  'Asia/Kolkata': [],
  'Europe/Berlin': ['2026-10-25T01:00:00Z', '2027-03-28T01:00:00Z'],
  'America/New_York': ['2026-11-01T06:00:00Z', '2027-03-14T07:00:00Z'],
  'America/Havana': ['2026-11-01T05:00:00Z', '2027-03-14T05:00:00Z'],
  'Australia/Lord_Howe': ['2027-04-03T15:00:00Z', '2026-10-03T15:30:00Z'],
};

/** How long a history goes on after its faults have stopped, about. */
const REST_MS = 26 * HOUR_MS;

/**
 * The same history through the adapters: faults of the wires come to it, the dates of apps whose zone is set are those of
 * clocks there, and often it happens while they are changed.
 */
export function throughAdapters(history: History): History {
  const random = seededRandom(history.seed, 6);
  const zone = random.pick(Object.keys(ZONES));
  const changes = ZONES[zone] ?? [];
  const changeMs = changes.length === 0 ? history.startMs : Date.parse(random.pick(changes));
  // Clocks are changed while it begins, or at any time of it.
  const leadMs = random.chance(0.6) ? random.int(-HOUR_MS, HOUR_MS) : random.int(0, REST_MS);
  const moved = movedBy(history, changeMs - history.startMs - leadMs);
  const zones = drawZones(random, moved, zone);
  const phases = moved.phases.map((phase) => ({ ...phase, config: withZones(phase.config, zones) }));
  const [first, ...later] = phases;
  if (first === undefined) throw new RangeError('a history has a file');
  const apis = Object.fromEntries(
    Object.entries(moved.apis).map(([app, traits]) => [
      app,
      withForms(random, traits, zones.get(app as AppKey)),
    ]),
  );
  return {
    ...moved,
    parts: 'adapters',
    pageItemsMax: random.pick([1, 2, 7, 1_000]),
    rates: { ...moved.rates, ...drawWireRates(random) },
    phases: [first, ...later],
    apis,
    records: moved.records.map((record) => asOnWire(record, apis[record.app])),
  };
}

/** Of each app whose zone is set: mostly the one whose clocks are changed. */
function drawZones(random: Random, { phases }: History, changing: string): ReadonlyMap<AppKey, string> {
  const apps = new Map(phases.flatMap(({ config }) => config.apps).map((app) => [app.key, app]));
  const drawn = [...apps.values()].map((app) => {
    const zone = random.chance(0.6) ? changing : random.pick(Object.keys(ZONES));
    return { app, zone };
  });
  return new Map(drawn.filter(({ app }) => app.timeZoneIsSet).map(({ app, zone }) => [app.key, zone]));
}

function withZones(config: AlertConfig, zones: ReadonlyMap<AppKey, string>): AlertConfig {
  const apps: readonly App[] = config.apps.map((app) => ({
    ...app,
    timeZone: zones.get(app.key) ?? app.timeZone,
  }));
  return { ...config, apps };
}

function withForms(random: Random, traits: ApiTraits, zone: string | undefined): ApiTraits {
  const dateForm = random.pick(['plain', 'plain', 'spaced', 'fraction'] as const);
  return { ...traits, dateForm, ...(zone !== undefined && zone !== 'UTC' && { zone }) };
}

/** Without an id a record that changes is another one: its identity is all of it. */
function asOnWire(record: ApiRecord, traits: ApiTraits | undefined): ApiRecord {
  if (record.id !== undefined || traits === undefined) return record;
  return { ...record, later: undefined, canonical: canonicalText(record, traits) };
}

function movedBy(history: History, shiftMs: number): History {
  const [first, ...later] = history.phases.map((phase) => movedPhase(phase, shiftMs));
  if (first === undefined) throw new RangeError('a history has a file');
  return {
    ...history,
    startMs: history.startMs + shiftMs,
    healMs: history.healMs + shiftMs,
    endMs: history.endMs + shiftMs,
    ticksMs: history.ticksMs.map((tickMs) => tickMs + shiftMs),
    phases: [first, ...later],
    outages: history.outages.map((one) => ({
      ...one,
      fromMs: one.fromMs + shiftMs,
      untilMs: one.untilMs + shiftMs,
    })),
    records: history.records.map((record) => movedRecord(record, shiftMs)),
  };
}

function movedPhase(phase: Phase, shiftMs: number): Phase {
  const rules = phase.config.rules.map((rule) => {
    const { sinceMs } = rule.when;
    return {
      ...rule,
      when: { ...rule.when, sinceMs: sinceMs === undefined ? undefined : sinceMs + shiftMs },
    };
  });
  return {
    fromMs: phase.fromMs + shiftMs,
    mixedUntilMs: phase.mixedUntilMs + shiftMs,
    config: { ...phase.config, rules },
  };
}

function movedRecord(record: ApiRecord, shiftMs: number): ApiRecord {
  return {
    ...record,
    createdMs: record.createdMs + shiftMs,
    visibleFromMs: record.visibleFromMs + shiftMs,
    messageFromMs: record.messageFromMs + shiftMs,
    deletedAtMs: record.deletedAtMs === undefined ? undefined : record.deletedAtMs + shiftMs,
    later: record.later && { ...record.later, fromMs: record.later.fromMs + shiftMs },
  };
}
