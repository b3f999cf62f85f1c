import type { App, Lookback, Rule } from '../../lib/domain/alert-config.ts';
import type { AppState } from '../../lib/domain/app-state.ts';
import type { AppKey, Target } from '../../lib/domain/identity.ts';
import { type AlertRow, formatKey, type TargetState } from '../../lib/domain/ledger-row.ts';
import { checkAppLease, checkLease } from './check-leases.ts';
import { checkBudget, checkSuppressed } from './check-limits.ts';
import { checkLost } from './check-lost.ts';
import { type ApiRecord, DAY_MS, HOUR_MS, SECOND_MS, shownDateMs, versionAt } from './history.ts';
import type { Invariant } from './invariants.ts';
import { heldId, type Write } from './ports/ledger-truth.ts';
import { type Life, violate } from './simulation-state.ts';
import { hashOf, isCertainlyDue, isMatched } from './truth.ts';
import { observedOf, type World } from './world.ts';

type Span = { readonly name: string; readonly fromMs: number; readonly untilMs: number };

/** No plan reads further back than 28 days, from a bound of at most 26 hours ahead. */
const REACH_MS = 28 * DAY_MS + 26 * HOUR_MS;

/** Longest that clocks may differ. */
const SKEW_MS = 5 * SECOND_MS;

/** Checks what one write may have broken. */
export function checkWrite(world: World, write: Write): void {
  switch (write.kind) {
    case 'app':
      checkApp(world, write.app, write.before, write.after, write.life);
      return;
    case 'row':
      checkRow(world, write.rowId, write.before, write.after);
      return;
    case 'budget':
      checkBudget(world, write.target, write.before, write.after);
      return;
    case 'cooldown':
      checkPrivacy(world, write.key);
      return;
    case 'held':
      checkHeld(world, write.item.target, formatKey(write.item.key));
      return;
    case 'lease':
      if (write.after.owner !== undefined) checkLease(world, write.life, write.after.leaseUntilMs);
      return;
    case 'failed':
      checkPrivacy(world, JSON.stringify(write.item));
  }
}

/** Nothing that leaves the rows may hold what a lead wrote or is. */
export function checkPrivacy(world: World, text: string): void {
  const found = /\+?1202555\d{4}|wamid\.|secret-text/.exec(text);
  if (found !== null) fail(world, 'I8', text);
}

function checkApp(
  world: World,
  app: AppKey,
  before: AppState | undefined,
  after: AppState,
  life: Life,
): void {
  const { truth } = world;
  const named = new Set(after.open);
  for (const rowId of truth.openRows.get(app) ?? []) {
    if (!named.has(rowId)) fail(world, 'S1', `${rowId} is open and not named any more`);
  }
  for (const rowId of before?.open ?? []) {
    const row = truth.rows.get(rowId);
    if (row !== undefined && !named.has(rowId)) checkHeldTargets(world, row);
  }
  checkAppLease(world, life, before, after);
  if (before === undefined) return;
  checkMarks(world, before, after);
  checkLost(world, app, before, after);
  for (const span of passedSpans(before, after, life.config.lookback, world.simulation.time.nowMs())) {
    checkPassed(world, app, span, life);
  }
}

function checkMarks(world: World, before: AppState, after: AppState): void {
  const limitMs = world.simulation.time.nowMs() + SKEW_MS;
  const marks = [
    [before.watermarkMs, after.watermarkMs],
    [before.tiers.hourly.markMs, after.tiers.hourly.markMs],
    [before.tiers.daily.markMs, after.tiers.daily.markMs],
  ] as const;
  for (const [was, is] of marks) {
    if (is < was || is > limitMs) fail(world, 'I3', `a mark went from ${was} to ${is}`);
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
        fail(world, 'S4', `${span.name} passed ${record.name} (${dateMs}) for ${rule.name} without a row`);
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

/** By what the row says of itself, not by its key. */
export function findRow(
  rows: ReadonlyMap<string, AlertRow>,
  app: AppKey,
  hash: string,
  rule: string,
): AlertRow | undefined {
  const likely = rows.get(`app#${app}|alert#${hash}#${rule}`);
  if (likely?.facts.rule === rule) return likely;
  return [...rows.values()].find(
    ({ facts }) => facts.app === app && facts.event === hash && facts.rule === rule,
  );
}

function checkRow(world: World, rowId: string, before: AlertRow | undefined, after: AlertRow): void {
  const { truth } = world;
  const isOpen = truth.openRows.get(after.facts.app)?.has(rowId) === true;
  if (isOpen && truth.apps.get(after.facts.app)?.open.includes(rowId) !== true) {
    fail(world, 'S1', `${rowId} is open and not named`);
  }
  for (const [target, state] of entriesOf(after)) {
    if (JSON.stringify(before?.to[target]) === JSON.stringify(state)) continue;
    if (before !== undefined && isFinal(before, target) && !isTakenBack(before.to[target], state))
      fail(world, 'I2', `${target} of ${rowId} was final`);
    checkChange(world, rowId, target, state);
    checkSuppressed(world, after, target, state);
  }
  checkHeldTargets(world, after);
  checkExpiry(world, after);
}

function checkChange(world: World, rowId: string, target: Target, state: TargetState): void {
  if (state.is === 'sent') checkSent(world, rowId, target, state.messageId);
  if (state.is === 'failed' && !world.truth.failed.has(`${target} ${rowId}`)) {
    fail(world, 'S6', `${target} of ${rowId} failed without an entry`);
  }
}

function isFinal(row: AlertRow, target: Target): boolean {
  const is = row.to[target]?.is;
  return is === 'sent' || is === 'suppressed' || is === 'failed';
}

/** A person alone takes back what has failed. */
function isTakenBack(before: TargetState | undefined, after: TargetState): boolean {
  return before?.is === 'failed' && after.is === 'held' && after.because === 'retry';
}

/** A message by SMS does not name its rule: which of two rows it was is learned here. */
function checkSent(world: World, rowId: string, target: Target, messageId: string): void {
  const message = world.publisher.byMessageId.get(messageId);
  if (message === undefined || message.target !== target) {
    fail(world, 'I1', `${target} of ${rowId} is sent by ${messageId}, which was never accepted`);
    return;
  }
  if (message.rowIds.includes(rowId)) return;
  const twin = message.rowIds.find((other) => {
    const state = world.truth.rows.get(other)?.to[target];
    return eventOf(other) === eventOf(rowId) && !(state?.is === 'sent' && state.messageId === messageId);
  });
  if (twin === undefined) {
    fail(world, 'I1', `${target} of ${rowId} is sent by ${messageId}, which does not speak of it`);
    return;
  }
  const mistaken = world.publisher.published.findLast(
    (one) => one.life === message.life && one.target === target && one.rowIds.includes(rowId),
  );
  message.rowIds = message.rowIds.map((other) => (other === twin ? rowId : other));
  if (mistaken !== undefined) {
    mistaken.rowIds = mistaken.rowIds.map((other) => (other === rowId ? twin : other));
  }
}

/** The part of a row's key that names app and event. */
function eventOf(rowId: string): string {
  return rowId.split('#').slice(0, 3).join('#');
}

function checkExpiry(world: World, { key, to, expiresAtS, claimedAtMs }: AlertRow): void {
  if (expiresAtS === undefined) return;
  const isSettled = Object.values(to).every((state) => state.is !== 'open' && state.is !== 'held');
  if (!isSettled || expiresAtS * 1000 < claimedAtMs + REACH_MS) {
    fail(world, 'I10', `${formatKey(key)} expires at ${expiresAtS} s`);
  }
}

function checkHeldTargets(world: World, row: AlertRow): void {
  for (const [target, state] of entriesOf(row)) {
    if (state.is === 'held') checkHeld(world, target, formatKey(row.key));
  }
}

function checkHeld(world: World, target: Target, rowId: string): void {
  const { truth } = world;
  const row = truth.rows.get(rowId);
  checkPrivacy(world, rowId);
  if (row?.to[target]?.is !== 'held' || truth.held.has(heldId(target, rowId))) return;
  if (truth.apps.get(row.facts.app)?.open.includes(rowId) === true) return;
  // A person who takes it back has the entry until the reminder is put.
  const state = row.to[target];
  if (state.because === 'retry' && truth.failed.has(`${target} ${rowId}`)) return;
  fail(world, 'S2', `${target} of ${rowId} is held and nothing reminds of it`);
}

export function entriesOf(row: AlertRow): readonly (readonly [Target, AlertRow['to'][Target]])[] {
  return Object.entries(row.to) as unknown as readonly (readonly [Target, AlertRow['to'][Target]])[];
}

function fail(world: World, invariant: Invariant, detail: string): void {
  violate(world.simulation, invariant, detail);
}
