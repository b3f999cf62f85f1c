import type { App, Rule } from './alert-config.ts';
import type { Event } from './event.ts';
import { hash128 } from './identity.ts';
import { HISTORY_MAX_MS, RULE_GONE_GRACE_MS, ZONE_REACH_MS } from './policy.ts';

/** Since when a rule counts for one app. Written before the first read under it. */
export type RuleStart = {
  /** Hash of its `when`: an edit is told from a rename by it. */
  readonly whenHash: string;
  /** Event time: what is dated before is not a match. */
  readonly fromMs: number;
  /** Event time from which the rule wants to be read once, when it is added; for one that is gone: if it comes back. */
  readonly readFromMs: number;
  /** When this start was written (wall clock): tells whether a seeding concerns the rule. */
  readonly addedAtMs: number;
  /** When the rule was first missing from the file; undefined while it is there. */
  readonly goneAtMs: number | undefined;
};

/** By rule name. */
export type RuleStarts = Readonly<Record<string, RuleStart>>;

export type StartsMoment = {
  readonly nowMs: number;
  /** What starts added now are stamped with: later than any the state has taken in, whatever the clock says. */
  readonly stampMs: number;
  readonly appStartMs: number;
  /** As `bandMs` gives it for the app. */
  readonly bandMs: number;
  readonly watermarkMs: number;
  /** The lookback of the minute tier. */
  readonly lookbackMs: number;
  /** How far a backfill in progress has come. */
  readonly backfillAtMs: number | undefined;
};

/** Tells cheaply, at load, whether an app's starts are those of the rules in force. */
export function rulesHashOf(rules: readonly Rule[]): string {
  return hash128(JSON.stringify(rules.map((rule) => `${rule.name} ${whenHashOf(rule)}`).sort()));
}

/**
 * Brings the starts up to date with the rules in force: a new rule counts from the watermark (or `since`), an
 * edited one from a lookback before it, a missing one is remembered for a while and keeps its start if it
 * comes back. Running it again with the same rules changes nothing.
 */
export function reconcileStarts(
  known: RuleStarts | undefined,
  rules: readonly Rule[],
  moment: StartsMoment,
): RuleStarts {
  const starts: Record<string, RuleStart> = {};
  for (const rule of rules) {
    starts[rule.name] = startOf(rule, keptStart(known?.[rule.name], moment.nowMs), moment);
  }
  const inForce = new Set(rules.map((rule) => rule.name));
  for (const [name, start] of Object.entries(known ?? {})) {
    if (inForce.has(name)) continue;
    const kept = keptStart(goneNow(start, moment), moment.nowMs);
    if (kept !== undefined) starts[name] = kept;
  }
  return starts;
}

/** How far before a start events may be dated and still be new: zones of unknown dates lie that far apart. */
export function bandMs(app: Pick<App, 'timeZoneIsSet'>): number {
  return app.timeZoneIsSet ? 0 : ZONE_REACH_MS;
}

export type Standing =
  /** Before the rule's start, or under no start at all: not a match. */
  | 'history'
  /** Was there before the start as far as an unknown zone lets one tell: recorded, not told. */
  | 'seed'
  | 'new';

/** Where an event stands to a rule's start. An undated event counts as new: a repeat is better than a loss. */
export function standingOf(
  event: Pick<Event, 'occurredAtMs'>,
  start: RuleStart | undefined,
  seeding: { readonly sinceMs: number; readonly atMs: number; readonly untilMs: number } | undefined,
  context: { readonly bandMs: number; readonly nowMs: number },
): Standing {
  if (start === undefined) return 'history';
  const seeds = seeding !== undefined && start.addedAtMs >= seeding.sinceMs;
  const atMs = event.occurredAtMs;
  if (atMs === undefined) return seeds ? 'seed' : 'new';
  // Rows are forgotten after 35 days: what is older than any plan reads cannot be told from what was told.
  if (atMs < context.nowMs - HISTORY_MAX_MS) return 'history';
  if (atMs < start.fromMs - context.bandMs) return 'history';
  const uncertain = atMs < start.fromMs || atMs > context.nowMs;
  return seeds && uncertain && atMs >= seeding.atMs && atMs < seeding.untilMs ? 'seed' : 'new';
}

function whenHashOf(rule: Rule): string {
  return hash128(JSON.stringify(rule.when));
}

function keptStart(start: RuleStart | undefined, nowMs: number): RuleStart | undefined {
  if (start?.goneAtMs === undefined) return start;
  return nowMs - start.goneAtMs < RULE_GONE_GRACE_MS ? start : undefined;
}

function startOf(rule: Rule, known: RuleStart | undefined, moment: StartsMoment): RuleStart {
  const whenHash = whenHashOf(rule);
  if (known?.whenHash === whenHash) return broughtBack(known, moment);
  const { sinceMs } = rule.when;
  const forwardMs =
    known === undefined
      ? moment.watermarkMs
      : Math.max(moment.watermarkMs - moment.lookbackMs, Math.min(moment.appStartMs, known.fromMs));
  const fromMs =
    sinceMs === undefined ? forwardMs : Math.max(Math.min(sinceMs, forwardMs), moment.nowMs - HISTORY_MAX_MS);
  // Events are dated to the second: one of the start's own second is not history.
  const wholeSecondMs = Math.floor(fromMs / 1000) * 1000;
  return {
    whenHash,
    fromMs: wholeSecondMs,
    readFromMs: wholeSecondMs,
    addedAtMs: moment.stampMs,
    goneAtMs: undefined,
  };
}

/** Marks and a backfill go on without a rule that is gone: this is where they were. */
function goneNow(start: RuleStart, { nowMs, lookbackMs, backfillAtMs }: StartsMoment): RuleStart {
  if (start.goneAtMs !== undefined) return start;
  const readMs = Math.min(nowMs - lookbackMs, backfillAtMs ?? nowMs);
  return { ...start, readFromMs: Math.max(start.fromMs, readMs), goneAtMs: nowMs };
}

/**
 * One that comes back counts as added, so that what marks passed without it is read again. Not under an unknown zone,
 * where it would be taken for what was there before.
 */
function broughtBack(start: RuleStart, moment: StartsMoment): RuleStart {
  const wasGone = start.goneAtMs !== undefined && moment.bandMs === 0;
  return { ...start, addedAtMs: wasGone ? moment.stampMs : start.addedAtMs, goneAtMs: undefined };
}
