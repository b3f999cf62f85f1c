import type { App, Lookback, Rule } from '../../../lib/domain/alert-config.ts';
import type { AppState } from '../../../lib/domain/app-state.ts';
import type { AppKey } from '../../../lib/domain/identity.ts';
import { type ApiRecord, DAY_MS, SECOND_MS, shownDateMs, versionAt } from '../history.ts';
import type { Write } from '../ports/ledger-truth.ts';
import { type Life, violate } from '../simulation-state.ts';
import { hashOf, isCertainlyDue, isMatched } from '../truth.ts';
import { observedOf, type World } from '../world.ts';
import { findRow } from './rows.ts';

type Span = { readonly name: string; readonly fromMs: number; readonly untilMs: number };

/** Longest that clocks may differ. */
const SKEW_MS = 5 * SECOND_MS;

/** No plan reads further back, give or take what clocks differ. */
const REACH_MS = 28 * DAY_MS + SKEW_MS;

export function marksAdvance(world: World, write: Write): void {
  if (write.kind !== 'app' || write.before === undefined) return;
  const { before, after } = write;
  const limitMs = world.simulation.time.nowMs() + SKEW_MS;
  const marks = [
    [before.watermarkMs, after.watermarkMs],
    [before.tiers.hourly.markMs, after.tiers.hourly.markMs],
    [before.tiers.daily.markMs, after.tiers.daily.markMs],
  ] as const;
  for (const [was, is] of marks) {
    if (is < was || is > limitMs) violate(world.simulation, 'I3', `a mark went from ${was} to ${is}`);
  }
}

/** Every event that is dated in what a mark leaves behind, and was there to be read, has its row. */
export function marksPassRows(world: World, write: Write): void {
  if (write.kind !== 'app' || write.before === undefined) return;
  const { app, before, after, life } = write;
  const nowMs = world.simulation.time.nowMs();
  for (const span of passedSpans(before, after, life.config.lookback, nowMs)) {
    checkPassed(world, app, span, life);
  }
}

/** A mark passes what lies further back than any plan reads only when the failed list names it as never read. */
export function lostSpansAreListed({ simulation, truth }: World, write: Write): void {
  if (write.kind !== 'app' || write.before === undefined) return;
  const { app, before, after } = write;
  const isPassed = after.watermarkMs > before.watermarkMs;
  const lostFromMs = Math.max(before.watermarkMs, before.historyFromMs);
  if (!isPassed || lostFromMs >= simulation.time.nowMs() - REACH_MS) return;
  if (!truth.failed.has(`- app#${app}|state`)) {
    violate(
      simulation,
      'S4',
      `the watermark of ${app} passed ${lostFromMs}, which nothing read and nobody lists`,
    );
  }
}

/** Event time that marks and cursors leave behind them with this write. */
function passedSpans(before: AppState, after: AppState, lookback: Lookback, nowMs: number): readonly Span[] {
  const spans: Span[] = [];
  const pass = (name: string, fromMs: number, untilMs: number): void => {
    if (fromMs < untilMs) spans.push({ name, fromMs, untilMs });
  };
  pass('the watermark', before.watermarkMs, after.watermarkMs);
  if (before.backfill !== undefined) {
    pass(
      'the backfill',
      before.backfill.atMs,
      after.backfill?.atMs ?? Math.min(before.backfill.untilMs, nowMs),
    );
  }
  for (const tier of ['hourly', 'daily'] as const) {
    const was = before.tiers[tier];
    const is = after.tiers[tier];
    // A run that was not begun before reads from its lookback behind the mark.
    const fromMs = was.atMs ?? (is.markMs > was.markMs ? was.markMs - lookback[`${tier}Ms`] : undefined);
    if (fromMs !== undefined) pass(`the ${tier} tier`, fromMs, is.atMs ?? nowMs);
  }
  return spans;
}

function checkPassed(world: World, app: AppKey, span: Span, life: Life): void {
  const { history, truth } = world;
  const traits = history.apis[app];
  const ofFile = life.config.apps.find((one) => one.key === app);
  // An unstable order is read until it seems quiet: likely whole, not certainly.
  if (traits === undefined || ofFile === undefined || traits.order === 'unstable-ties') return;
  const untilMs = Math.min(span.untilMs, life.startedMs - SKEW_MS);
  for (const record of history.records) {
    const dateMs = shownDateMs(record, traits);
    const isPassed = record.app === app && dateMs >= span.fromMs && dateMs < untilMs;
    if (!isPassed || !wasThere(world, record, life)) continue;
    for (const rule of dueRules(world, ofFile, record, life)) {
      if (findRow(truth.rows, app, hashOf(record), rule.name) === undefined) {
        violate(
          world.simulation,
          'S4',
          `${span.name} passed ${record.name} (${dateMs}) for ${rule.name} without a row`,
        );
      }
    }
  }
}

/** Shown, and the same, from before the invocation began until now. */
function wasThere({ simulation, api }: World, record: ApiRecord, { startedMs }: Life): boolean {
  const nowMs = simulation.time.nowMs();
  return (
    record.visibleFromMs < startedMs &&
    (api.deletedAtMs(record) ?? Number.POSITIVE_INFINITY) > nowMs &&
    versionAt(record, startedMs) === versionAt(record, nowMs)
  );
}

function dueRules(world: World, app: App, record: ApiRecord, { config, startedMs }: Life): readonly Rule[] {
  return config.rules.filter(
    (rule) =>
      isMatched(rule, app, versionAt(record, startedMs)) &&
      isCertainlyDue(world.history, observedOf(world), app, record, rule.name, startedMs),
  );
}
