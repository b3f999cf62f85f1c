import type { App, Rule } from '../domain/alert-config.ts';
import { withStarts } from '../domain/app-progress.ts';
import type { AppState } from '../domain/app-state.ts';
import { suppressAll, targetsOf } from '../domain/decide.ts';
import type { Event } from '../domain/event.ts';
import { hashEvent } from '../domain/identity.ts';
import { type AlertRow, formatKey, hasOpen, rowKey } from '../domain/ledger-row.ts';
import type { Match } from '../domain/match.ts';
import { MINUTE_MS } from '../domain/policy.ts';
import { minuteLookbackMs } from '../domain/read-plan.ts';
import { bandMs, type RuleStarts, reconcileStarts, rulesHashOf, standingOf } from '../domain/rule-starts.ts';
import type { Swap, Versioned } from '../ports/ledger.ts';
import type { Tick } from './tick.ts';

/** A match without a settled row. */
export type FoundAlert = {
  /** As it would be claimed; its open targets are decided at the turn. */
  readonly row: AlertRow;
  /** Was there before its rule started: recorded as suppressed, never told. */
  readonly seed: boolean;
};

/** Most characters of a lead's text a row keeps. */
const TEXT_MAX = 300;
/** News of the moment goes before what is older. */
const FRESH_MS = 15 * MINUTE_MS;
/** Most characters of a campaign's or an ad's id: those of the source have some twenty digits. */
const ID_MAX = 64;

/** Writes the starts of new and edited rules, before anything is read under them; then the app state that follows. */
export async function bringStartsUpToDate(
  tick: Tick,
  app: App,
  rules: readonly Rule[],
  current: Versioned<AppState>,
  nowMs: number,
): Promise<Swap<AppState>> {
  const { ledger } = tick.ports;
  const state = current.value;
  const known = await ledger.ruleStarts.read(app.key);
  const starts = reconcileStarts(known?.value, rules, {
    nowMs,
    stampMs: Math.max(nowMs, state.rulesAtMs + 1),
    appStartMs: state.startMs,
    bandMs: bandMs(app),
    watermarkMs: state.watermarkMs,
    backfillAtMs: state.backfill?.atMs,
    lookbackMs: minuteLookbackMs(state, tick.rulebook.config.lookback),
  });
  const swap = await ledger.ruleStarts.swap(app.key, known, starts);
  if (swap.kind === 'lost') return { kind: 'lost', now: current };
  const next = withStarts(state, app, starts, rulesHashOf(rules), nowMs);
  return ledger.apps.swap(app.key, current, { ...next, writtenAtMs: nowMs });
}

/** Matches every event and keeps what has no row yet, or one with an open target; the newest first. */
export async function findNewAlerts(
  tick: Tick,
  app: App,
  state: AppState,
  events: readonly Event[],
  nowMs: number,
): Promise<readonly FoundAlert[]> {
  const matched = events.flatMap((event) =>
    tick.rulebook.match(app, event).map((match) => ({ event, match })),
  );
  if (matched.length === 0) return [];
  const { ledger, telemetry } = tick.ports;
  const starts = (await ledger.ruleStarts.read(app.key))?.value ?? {};
  const byKey = new Map<string, FoundAlert>();
  for (const { event, match } of matched) {
    const found = standInLedger(tick, app, state, starts, event, match, nowMs);
    if (found === undefined) continue;
    const key = formatKey(found.row.key);
    byKey.set(key, preferred(byKey.get(key), found));
  }
  const candidates = [...byKey.values()];
  const known = await ledger.rows.lookUp(candidates.map((found) => found.row.key));
  const kept = candidates.filter((found) => {
    const row = known.get(formatKey(found.row.key));
    return row === undefined || hasOpen(row.to);
  });
  telemetry.count('Matched', kept.length);
  return kept.sort((a, b) => sortTime(a) - sortTime(b));
}

function standInLedger(
  tick: Tick,
  app: App,
  state: AppState,
  starts: RuleStarts,
  event: Event,
  match: Match,
  nowMs: number,
): FoundAlert | undefined {
  const context = { bandMs: bandMs(app), nowMs };
  const standing = standingOf(event, starts[match.rule.name], state.seeding, context);
  if (standing === 'history') return undefined;
  const { config } = tick.rulebook;
  const hash = hashEvent(event);
  const targets = targetsOf(match.rule, config.receivers);
  const row: AlertRow = {
    key: rowKey(app.key, hash, match.rule.name),
    version: 1,
    owner: tick.invocation.owner,
    config: config.hash,
    facts: {
      app: app.key,
      appName: app.name,
      rule: match.rule.name,
      event: hash,
      type: event.type.slice(0, TEXT_MAX).toWellFormed(),
      text: event.typeValue?.slice(0, TEXT_MAX).toWellFormed(),
      phone: event.phone?.slice(0, 160).toWellFormed(),
      campaignId: event.campaignId?.slice(0, ID_MAX).toWellFormed(),
      adId: event.adId?.slice(0, ID_MAX).toWellFormed(),
      occurredAtMs: event.occurredAtMs,
      seenAtMs: nowMs,
      keyword: match.keyword,
    },
    to:
      standing === 'seed'
        ? suppressAll(targets, nowMs)
        : Object.fromEntries(targets.map((target) => [target, { is: 'open' } as const])),
    claimedAtMs: nowMs,
    expiresAtS: undefined,
  };
  return { row, seed: standing === 'seed' };
}

/** One message under several types is one alert of a rule: new rather than seen before, then the earlier. */
function preferred(a: FoundAlert | undefined, b: FoundAlert): FoundAlert {
  if (a === undefined) return b;
  if (a.seed !== b.seed) return a.seed ? b : a;
  return (b.row.facts.occurredAtMs ?? Infinity) < (a.row.facts.occurredAtMs ?? Infinity) ? b : a;
}

/** What is fresh goes before what an outage or a backfill brings up; each oldest first. */
function sortTime({ row }: FoundAlert): number {
  const atMs = row.facts.occurredAtMs ?? 0;
  const fresh = atMs >= row.claimedAtMs - FRESH_MS;
  return fresh ? atMs - Number.MAX_SAFE_INTEGER / 2 : atMs;
}
