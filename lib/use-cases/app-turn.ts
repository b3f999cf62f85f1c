import pLimit from 'p-limit';
import type { App } from '../domain/alert-config.ts';
import type { AppState } from '../domain/app-state.ts';
import { decideTarget } from '../domain/decide.ts';
import type { Target } from '../domain/identity.ts';
import { type AlertRow, expiryOf, formatKey, hasOpen, parseKey } from '../domain/ledger-row.ts';
import { LEASE_MARGIN_MS, stormShare, WRITES_PER_APP_MAX } from '../domain/policy.ts';
import type { Versioned } from '../ports/ledger.ts';
import { allDone } from './all-done.ts';
import { deliverRow } from './deliver-row.ts';
import { chainsOf, coolsDown, enterCooldown } from './enter-cooldown.ts';
import type { FoundAlert } from './find-alerts.ts';
import type { Tick } from './tick.ts';

type Current = Versioned<AppState>;

/**
 * Turn, claim, deliver, commit, batch by batch. The turn names the rows before they are claimed, so that
 * whoever comes after a crash finds them; the commit lets go of them after they are recorded, and is at once
 * the turn of the next batch. Returns the state as committed, or undefined if another invocation was faster.
 */
export async function takeAlerts(
  tick: Tick,
  app: App,
  seen: Current,
  state: AppState,
  work: {
    readonly found: readonly FoundAlert[];
    /** The state with its marks moved past everything but these. */
    readonly commit: (unclaimed: readonly FoundAlert[]) => AppState;
    readonly deadlineMs: number;
  },
): Promise<Current | undefined> {
  const { clock } = tick.ports;
  let rest = work.found;
  let batch = rest.slice(0, tick.pace.turnRowsMax);
  let turn = await swapApp(tick, app, seen, leased(tick, state, keysOf(batch)));
  while (turn !== undefined) {
    await cuttingLeaseOnError(tick, app, turn, () => claimAndDeliver(tick, batch));
    const finishedCount = batch.length;
    rest = rest.slice(finishedCount);
    batch = clock.nowMs() < work.deadlineMs ? rest.slice(0, tick.pace.turnRowsMax) : [];
    const next = countIn(work.commit(rest), turn.value, finishedCount);
    if (batch.length === 0) return swapApp(tick, app, turn, released(next));
    turn = await swapApp(tick, app, turn, leased(tick, next, keysOf(batch)));
  }
  return undefined;
}

/**
 * Takes over what an earlier invocation named and did not finish: rows are read consistently, keys without a
 * row are dropped (their events are still ahead of the marks), open targets are decided again and published.
 * Returns undefined if another invocation was faster.
 */
export async function finishOpen(tick: Tick, app: App, seen: Current): Promise<Current | undefined> {
  const state = seen.value;
  const turn = await swapApp(tick, app, seen, leased(tick, state, state.open));
  if (turn === undefined) return undefined;
  await cuttingLeaseOnError(tick, app, turn, () =>
    workOn(state.open, async (key) => {
      const row = await tick.ports.ledger.rows.read(parseKey(key));
      if (row !== undefined) await deliverRow(tick, await decideAgain(tick, await enterCooldown(tick, row)));
    }),
  );
  return swapApp(tick, app, turn, released(countIn(turn.value, turn.value, state.open.length)));
}

async function claimAndDeliver(tick: Tick, batch: readonly FoundAlert[]): Promise<void> {
  // Decided in order before anything is written: which alerts a storm holds back must not depend on the network.
  const rows = batch.map(({ row }) => (coolsDown(tick, row) ? row : withDecisions(tick, row)));
  await workOn(chainsOf(tick, rows), async (chain) => {
    for (const row of chain) {
      const claimed = await claim(tick, row);
      if (claimed !== undefined) await deliverRow(tick, claimed);
    }
  });
}

/** The row as it stands after the claim; undefined when it was there before and nothing in it is open. */
async function claim(tick: Tick, row: AlertRow): Promise<AlertRow | undefined> {
  const { ledger, clock } = tick.ports;
  const claimed = await ledger.rows.claim({ ...row, expiresAtS: expiryOf(row, clock.nowMs()) });
  if (claimed.kind === 'exists') {
    return hasOpen(claimed.row.to) ? enterCooldown(tick, claimed.row) : undefined;
  }
  if (!coolsDown(tick, row)) return row;
  // Decided only now: what a cooldown keeps quiet takes no share of a storm.
  return decideAgain(tick, await enterCooldown(tick, row));
}

/**
 * Works on all, a few at a time. After the first error nothing more is begun: what cannot be recorded should not be
 * published either. What was begun ends before the error is thrown.
 */
async function workOn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const limit = pLimit(WRITES_PER_APP_MAX);
  let hasFailed = false;
  await allDone(
    items.map((item) =>
      limit(async () => {
        if (hasFailed) return;
        try {
          await work(item);
        } catch (error) {
          hasFailed = true;
          throw error;
        }
      }),
    ),
  );
}

function withDecisions(tick: Tick, row: AlertRow): AlertRow {
  const moment = {
    nowMs: tick.ports.clock.nowMs(),
    tickMs: tick.pace.tickMs,
    stormShare: stormShare(tick.pace),
    occurredAtMs: row.facts.occurredAtMs,
  };
  const to = Object.fromEntries(
    Object.entries(row.to).map(([target, state]) => [
      target,
      state.is === 'open' ? decideTarget(row.facts.rule, target as Target, tick.tally, moment) : state,
    ]),
  );
  return { ...row, to };
}

/** Decides the open targets of a row that was taken over; a decision to hold is recorded before its reminder. */
async function decideAgain(tick: Tick, row: AlertRow): Promise<AlertRow> {
  const decided = withDecisions(tick, row);
  const heldNow = Object.entries(decided.to).filter(
    ([target, state]) => state.is === 'held' && row.to[target as Target]?.is === 'open',
  );
  if (heldNow.length > 0) {
    await tick.ports.ledger.rows.record(row.key, Object.fromEntries(heldNow), undefined);
  }
  return decided;
}

/**
 * A failed write fails the tick; the lease is cut short so that the next one need not wait for all of it. Not to nothing:
 * a write whose answer was lost may land a moment later, and whoever took over by then would not see its row. Best effort.
 */
async function cuttingLeaseOnError<T>(
  tick: Tick,
  app: App,
  held: Current,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const leaseUntilMs = Math.min(held.value.leaseUntilMs, tick.ports.clock.nowMs() + LEASE_MARGIN_MS);
    await swapApp(tick, app, held, { ...held.value, leaseUntilMs }).catch(() => undefined);
    throw error;
  }
}

async function swapApp(tick: Tick, app: App, seen: Current, next: AppState): Promise<Current | undefined> {
  const writtenAtMs = tick.ports.clock.nowMs();
  const swap = await tick.ports.ledger.apps.swap(app.key, seen, { ...next, writtenAtMs });
  return swap.kind === 'written' ? swap.now : undefined;
}

function leased(tick: Tick, state: AppState, open: readonly string[]): AppState {
  const { owner, killAtMs } = tick.invocation;
  return { ...state, open, owner, leaseUntilMs: killAtMs + LEASE_MARGIN_MS };
}

function released(state: AppState): AppState {
  return { ...state, open: [], owner: undefined, leaseUntilMs: 0 };
}

function countIn(state: AppState, held: AppState, finishedCount: number): AppState {
  return { ...state, counters: { ...state.counters, alerts: held.counters.alerts + finishedCount } };
}

function keysOf(found: readonly FoundAlert[]): readonly string[] {
  return found.map((alert) => formatKey(alert.row.key));
}
