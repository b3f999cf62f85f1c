import type { AppKey, Target } from '../../lib/domain/identity.ts';
import {
  type AlertRow,
  formatKey,
  type SuppressReason,
  type TargetState,
} from '../../lib/domain/ledger-row.ts';
import { checkAsked } from './check-asked.ts';
import { checkCooldowns } from './check-limits.ts';
import { checkSeeded } from './check-starts.ts';
import { entriesOf, findRow } from './check-writes.ts';
import { MINUTE_MS, phaseAt, shownDateMs } from './history.ts';
import type { Invariant } from './invariants.ts';
import { heldId } from './ports/ledger-truth.ts';
import type { Published } from './ports/publisher-model.ts';
import { violate } from './simulation-state.ts';
import { earliestToldMs, hashOf, type Owed, owedAtEnd } from './truth.ts';
import { observedOf, type World } from './world.ts';

type Count = { accepted: number; excused: number; unknown: number };

/** Checks everything that must be so when faults have stopped and all has had its time. Returns how many alerts were owed. */
export function checkEnd(world: World): number {
  checkDrained(world);
  checkRepeats(world);
  checkTold(world);
  checkAsked(world);
  checkCooldowns(world);
  const { config } = phaseAt(world.history, world.history.endMs);
  const owed = owedAtEnd(world.history, observedOf(world), config);
  for (const one of owed) checkOwed(world, one);
  return owed.length;
}

function checkDrained(world: World): void {
  const { truth, history } = world;
  const { config } = phaseAt(history, history.endMs);
  for (const { key, app } of config.apps) {
    const isPolled = config.rules.some(({ when }) => when.apps.length === 0 || when.apps.includes(app));
    if (isPolled) checkQuiet(world, key);
  }
  for (const row of truth.rows.values()) checkSettled(world, row);
  checkReminders(world);
}

function checkSettled(world: World, row: AlertRow): void {
  const name = formatKey(row.key);
  const unsettled = entriesOf(row).filter(([, state]) => state.is === 'open' || state.is === 'held');
  if (unsettled.some(([target, state]) => mayWait(world, row, target, state))) return;
  for (const [target] of unsettled) fail(world, 'I5', `${target} of ${name} is not settled`);
  if (row.expiresAtS === undefined && row.facts.occurredAtMs !== undefined)
    fail(world, 'I5', `${name} never expires`);
}

function checkReminders(world: World): void {
  const waiting = new Set(
    [...world.truth.rows.values()].flatMap((row) =>
      entriesOf(row)
        .filter(([target, state]) => mayWait(world, row, target, state))
        .map(([target]) => heldId(target, formatKey(row.key))),
    ),
  );
  const left = [...world.truth.held.keys()].filter((id) => !waiting.has(id));
  if (left.length > 0) fail(world, 'I5', `${left.length} reminders are left`);
}

/** What was found in the last minutes: after the receiver had the SMS of that hour, or when its topic was gone. */
function mayWait(
  { history, simulation }: World,
  row: AlertRow,
  target: Target,
  state: TargetState | undefined,
): boolean {
  const isLate = row.claimedAtMs >= history.endMs - 15 * MINUTE_MS;
  const lastTickMs = history.ticksMs.at(-1) ?? history.endMs;
  if (!isLate || state?.is !== 'held') return false;
  return simulation.gone.has(target) || (state.because === 'sms-hour' && state.untilMs > lastTickMs);
}

function checkQuiet(world: World, app: AppKey): void {
  const state = world.truth.apps.get(app);
  if (state === undefined) {
    fail(world, 'I5', `${app} was never started`);
    return;
  }
  const { open, owner, backfill, seeding, failure, deepFailure, accepts, tiers } = state;
  const runs = [tiers.hourly.atMs, tiers.daily.atMs];
  const pending = [open[0], owner, backfill, seeding, failure, ...runs].filter((one) => one !== undefined);
  if (pending.length > 0) {
    fail(
      world,
      'I5',
      JSON.stringify({ app, open, owner, backfill, seeding, failure, deepFailure, accepts, tiers }),
    );
  }
}

/** Accepted publishes of one alert to one target, less one, are no more than excuses for another. */
function checkRepeats(world: World): void {
  const counts = new Map<string, Count>();
  for (const one of world.publisher.published) {
    for (const rowId of one.rowIds) countIn(world, counts, one, rowId);
  }
  for (const [id, { accepted, excused, unknown }] of counts) {
    if (accepted - 1 > excused + unknown) {
      fail(world, 'I2', `${id}: accepted ${accepted} times, ${unknown} unknown, ${excused} not recorded`);
    }
  }
}

function countIn(world: World, counts: Map<string, Count>, one: Published, rowId: string): void {
  const id = `${one.target} ${rowId}`;
  const count = counts.get(id) ?? { accepted: 0, excused: 0, unknown: 0 };
  counts.set(id, count);
  if (one.messageId !== undefined) count.accepted += 1;
  if (one.told === 'unknown') count.unknown += 1;
  else if (isExcused(world, one, rowId)) count.excused += 1;
}

/** Taken, but the invocation died before it was recorded, or the record failed. */
function isExcused(world: World, { life, target, messageId }: Published, rowId: string): boolean {
  if (messageId === undefined) return false;
  // It is tried again and again: once is too little, where there was time.
  const couldNot =
    life.end === 'crashed' || life.end === 'timed-out' || (life.failedWrites.get(rowId) ?? 0) > 1;
  return couldNot && !isRecorded(world.truth.rows.get(rowId), target, messageId);
}

function isRecorded(row: AlertRow | undefined, target: Target, messageId: string): boolean {
  const state = row?.to[target];
  return state?.is === 'sent' && state.messageId === messageId;
}

function checkOwed(world: World, { app, record, rule }: Owed): void {
  const { truth, history } = world;
  const { config } = phaseAt(history, history.endMs);
  const row = findRow(truth.rows, app.key, hashOf(record), rule.name);
  const name = `${record.name} for ${rule.name}`;
  if (row === undefined) {
    fail(world, 'I1', `${name} has no row`);
    return;
  }
  for (const receiver of config.receivers) {
    if (!rule.notify.includes(receiver.name)) continue;
    for (const channel of ['email', 'sms'] as const) {
      if (receiver[channel] === undefined) continue;
      checkTarget(world, row, `${receiver.name}/${channel}`, name);
    }
  }
}

function checkTarget(world: World, row: AlertRow, target: Target, name: string): void {
  const state = row.to[target];
  const rowId = formatKey(row.key);
  const mayLack = world.history.phases.length > 1;
  if (state === undefined && mayLack) return;
  if (state?.is === 'sent') {
    const message = world.publisher.byMessageId.get(state.messageId);
    if (message?.rowIds.includes(rowId) !== true) fail(world, 'I1', `${name}: no message tells ${target}`);
    return;
  }
  if (state?.is === 'failed' && world.truth.failed.has(`${target} ${rowId}`)) return;
  if (state?.is === 'suppressed' && maySuppress(state.because, mayLack)) return;
  if (mayWait(world, row, target, state)) return;
  fail(world, 'I1', `${name} is ${JSON.stringify(state)} for ${target}`);
}

/** That another was told in place of what cools down or is over budget is checked where it is written. */
function maySuppress(because: SuppressReason, mayLack: boolean): boolean {
  return because === 'no-receiver' ? mayLack : because !== 'before-start';
}

/** What is told is something the source had, under the identity it has. */
function checkKnown(world: World, told: ReadonlySet<string>): void {
  const known = new Set(world.history.records.map((record) => `${record.app} ${hashOf(record)}`));
  for (const rowId of told) {
    const facts = world.truth.rows.get(rowId)?.facts;
    if (facts === undefined || known.has(`${facts.app} ${facts.event}`)) continue;
    fail(world, 'I2', `${rowId} is no event of the source, or one that has its own row`);
  }
}

function checkTold(world: World): void {
  const { history, truth } = world;
  const byHash = Map.groupBy(history.records, (record) => `${record.app} ${hashOf(record)}`);
  const told = new Set(world.publisher.published.flatMap((one) => (one.messageId ? one.rowIds : [])));
  checkKnown(world, told);
  checkSeeded(world, told);
  for (const rowId of told) {
    const facts = truth.rows.get(rowId)?.facts;
    if (facts === undefined) continue;
    const app = history.phases.flatMap((phase) => phase.config.apps).find((one) => one.key === facts.app);
    const traits = history.apis[facts.app];
    const records = byHash.get(`${facts.app} ${facts.event}`) ?? [];
    if (app === undefined || traits === undefined || records.some((record) => record.undated)) continue;
    const latestMs = Math.max(...records.map((record) => shownDateMs(record, traits)));
    const earliestMs = earliestToldMs(history, app, facts.rule, {
      watermarksMs: world.watermarksMs.get(app.key) ?? new Map(),
      startedMs: truth.startedMs.get(app.key) ?? 0,
    });
    if (latestMs < earliestMs)
      fail(world, 'I9', `${rowId} is dated ${latestMs}, its rule starts at ${earliestMs}`);
  }
}

function fail(world: World, invariant: Invariant, detail: string): void {
  violate(world.simulation, invariant, detail);
}
