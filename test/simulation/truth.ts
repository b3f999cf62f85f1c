import { createHash } from 'node:crypto';
import type { AlertConfig, App, Rule } from '../../lib/domain/alert-config.ts';
import type { AppKey } from '../../lib/domain/identity.ts';
import {
  type ApiRecord,
  type ApiTraits,
  type History,
  HOUR_MS,
  MINUTE_MS,
  type Phase,
  SECOND_MS,
  shownDateMs,
  type Version,
  versionAt,
} from './history.ts';

/** Furthest that the clock of an invocation is off. */
const CLOCK_ERROR_MS = 2 * SECOND_MS;

/** Longest that an invocation under an old file goes on after a new one is in force, and its clock's error. */
const OVERLAP_MS = MINUTE_MS;
const BAND_MS = 26 * HOUR_MS;

/** What the simulator saw happen and the truth depends on. */
export type Observed = {
  /** When each app's state was first written. */
  readonly startedMs: ReadonlyMap<AppKey, number>;
  /** When the last first-read of new rules under an unknown zone was done. */
  readonly seededMs: ReadonlyMap<AppKey, number>;
  readonly deletedAtMs: (record: ApiRecord) => number | undefined;
  /** When a rule was first among the starts of an app, by `<app> <rule>`. */
  readonly ruleKnownMs: ReadonlyMap<string, number>;
};

/** A rule as it stood in the files from a phase on without a change. */
type Stretch = {
  readonly rule: Rule;
  readonly phase: Phase;
  readonly isFirst: boolean;
  readonly isEdit: boolean;
};

/** The independent statement of what a rule matches; the texts of a history make words and parts of words the same. */
export function isMatched(rule: Rule, app: App, version: Version): boolean {
  const { types, keywords, not } = rule.when;
  const text = version.text.toLowerCase();
  return (
    isFor(rule, app) &&
    (types.length === 0 || types.includes(version.type)) &&
    (keywords.length === 0 || keywords.some((word) => text.includes(word.toLowerCase()))) &&
    !not.some((word) => text.includes(word.toLowerCase()))
  );
}

function isFor({ when }: Rule, app: App): boolean {
  return when.apps.length === 0 || when.apps.includes(app.app);
}

/** The identity of a record: its id alone, or all of it. */
export function hashOf(record: ApiRecord): string {
  const text =
    record.id === undefined ? `body:${record.canonical ?? `canonical ${record.name}`}` : `id:${record.id}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Since when `rule` has stood in the files, unchanged up to the phase at `nowMs`; undefined: it does not stand there. */
function stretchOf(history: History, ruleName: string, app: App, nowMs: number): Stretch | undefined {
  let stretch: Stretch | undefined;
  for (const [index, phase] of history.phases.entries()) {
    if (phase.fromMs > nowMs) break;
    const named = phase.config.rules.find((one) => one.name === ruleName);
    const rule = named !== undefined && isFor(named, app) ? named : undefined;
    const hasApp = phase.config.apps.some((one) => one.key === app.key);
    if (rule === undefined || !hasApp) stretch = undefined;
    else if (stretch === undefined || JSON.stringify(stretch.rule.when) !== JSON.stringify(rule.when)) {
      const isFirst = !history.phases
        .slice(0, index)
        .some((one) => one.config.apps.some((a) => a.key === app.key));
      stretch = { rule, phase, isFirst, isEdit: stretch !== undefined };
    }
  }
  return stretch;
}

/** Event time from which a rule certainly counts for an app; undefined: not at all, or not yet. */
export function certainFromMs(
  history: History,
  observed: Observed,
  app: App,
  ruleName: string,
  nowMs: number,
): number | undefined {
  const startedMs = observed.startedMs.get(app.key);
  const stretch = stretchOf(history, ruleName, app, nowMs);
  if (stretch === undefined || startedMs === undefined) return undefined;
  const { rule, phase, isFirst, isEdit } = stretch;
  const knownMs = phase.mixedUntilMs + OVERLAP_MS;
  const { everyTickMs } = phase.config.lookback;
  // Dated by the clock of the invocation that wrote it.
  const appFromMs = startedMs + CLOCK_ERROR_MS;
  // Edited before the app ever learned of it, a rule is new.
  const wasKnown = (observed.ruleKnownMs.get(`${app.key} ${ruleName}`) ?? nowMs) < phase.fromMs;
  const isEditOfKnown = isEdit && wasKnown;
  const forwardMs = isFirst
    ? appFromMs
    : Math.max(appFromMs, isEditOfKnown ? knownMs - everyTickMs : knownMs);
  return rule.when.sinceMs === undefined ? forwardMs : Math.min(rule.when.sinceMs, forwardMs);
}

/** Whether the promise certainly covers a record for a rule, as far as its date goes, at `nowMs`. */
export function isCertainlyDue(
  history: History,
  observed: Observed,
  app: App,
  record: ApiRecord,
  ruleName: string,
  nowMs: number,
): boolean {
  const fromMs = certainFromMs(history, observed, app, ruleName, nowMs);
  const traits = history.apis[app.key];
  if (fromMs === undefined || traits === undefined) return false;
  if (app.timeZoneIsSet) return countedMs(history, record, traits) >= fromMs;
  // Under an unknown zone what was there at the first read cannot be told from what is new.
  const seededMs = observed.seededMs.get(app.key) ?? Number.POSITIVE_INFINITY;
  const isInBand = shownDateMs(record, traits) >= fromMs - BAND_MS;
  return record.messageFromMs > seededMs && record.createdMs >= fromMs && isInBand;
}

/**
 * The moment by which a record is before or after a start. What happens after it, but in its own second, is dated before
 * it and counts all the same; where clocks differ nobody can tell.
 */
function countedMs({ rates }: History, record: ApiRecord, traits: ApiTraits): number {
  const shownMs = shownDateMs(record, traits);
  const isOfItsSecond = shownMs === Math.floor(record.createdMs / SECOND_MS) * SECOND_MS;
  return isOfItsSecond && rates['clock-skew'] === undefined ? record.createdMs : shownMs;
}

/** An alert that must have become of something when all is quiet. */
export type Owed = { readonly app: App; readonly record: ApiRecord; readonly rule: Rule };

/** Everything owed at the end: shown within the lookback, there to stay, matched by a rule that stayed. */
export function owedAtEnd(history: History, observed: Observed, config: AlertConfig): readonly Owed[] {
  return history.records.flatMap((record) => {
    const app = config.apps.find((one) => one.key === record.app);
    const traits = history.apis[record.app];
    const stays = observed.deletedAtMs(record) === undefined;
    if (app === undefined || traits === undefined || !stays) return [];
    if (!isShownInTime(history, config, record, traits)) return [];
    return config.rules
      .filter((rule) => isMatched(rule, app, versionAt(record, history.endMs)))
      .filter((rule) => isCertainlyDue(history, observed, app, record, rule.name, history.endMs))
      .map((rule) => ({ app, record, rule }));
  });
}

/** As it stays: early enough for the tier whose lookback it needs to run before the end. */
function isShownInTime(
  { startMs, healMs, endMs }: History,
  { lookback }: AlertConfig,
  record: ApiRecord,
  traits: ApiTraits,
): boolean {
  // An API that refuses the future is asked until now: what it dates ahead is shown when that time has come.
  const isAhead = traits.refuses === 'future' || traits.refuses === 'both' ? Math.max(0, traits.shiftMs) : 0;
  const shownFromMs = (record.later?.fromMs ?? record.visibleFromMs) + isAhead;
  const latenessMs = shownFromMs - shownDateMs(record, traits);
  if (shownFromMs < startMs) return true;
  if (latenessMs <= lookback.everyTickMs) return shownFromMs <= endMs - 5 * MINUTE_MS;
  return latenessMs <= lookback.dailyMs - HOUR_MS && shownFromMs <= healMs + 34 * MINUTE_MS;
}

/** Event time before which no message may ever tell of a record under a rule. */
export function earliestToldMs(
  history: History,
  app: App,
  ruleName: string,
  seen: { readonly watermarksMs: ReadonlyMap<Phase, number>; readonly startedMs: number },
): number {
  let earliestMs = Number.POSITIVE_INFINITY;
  for (const [index, phase] of history.phases.entries()) {
    const rule = phase.config.rules.find((one) => one.name === ruleName);
    if (rule === undefined) continue;
    const before = history.phases[index - 1]?.config.rules.find((one) => one.name === ruleName);
    const watermarkMs = seen.watermarksMs.get(phase) ?? seen.startedMs - MINUTE_MS;
    const startMs = before === undefined ? watermarkMs : Math.max(watermarkMs, seen.startedMs) - BAND_MS;
    earliestMs = Math.min(earliestMs, startMs, rule.when.sinceMs ?? Number.POSITIVE_INFINITY);
  }
  return earliestMs - (app.timeZoneIsSet ? 0 : BAND_MS) - SECOND_MS;
}
