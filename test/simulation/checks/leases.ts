import type { AppState } from '../../../lib/domain/app-state.ts';
import { SECOND_MS } from '../history.ts';
import type { Write } from '../ports/ledger-truth.ts';
import type { Published } from '../ports/publisher-model.ts';
import { type Life, violate } from '../simulation-state.ts';
import type { World } from '../world.ts';

/** Longest that clocks may differ. */
const SKEW_MS = 5 * SECOND_MS;

/** A lease outlives the invocation that takes it. */
export function leasesOutlive(world: World, write: Write): void {
  if (write.kind === 'app') checkAppLease(world, write.life, write.before, write.after);
  if (write.kind === 'lease' && write.after.owner !== undefined) {
    checkLease(world, write.life, write.after.leaseUntilMs);
  }
}

/** What is open is published under the lease of its app, what is held under that of its target. */
export function publishesUnderLease(world: World, one: Published): void {
  for (const rowId of one.rowIds) checkHolder(world, one, rowId);
}

/** An app's lease outlives its holder, or is cut short by it when its work has ended. */
function checkAppLease(world: World, life: Life, before: AppState | undefined, after: AppState): void {
  if (after.owner === undefined) return;
  const isCutShort = before?.owner === after.owner && before.leaseUntilMs > after.leaseUntilMs;
  if (isCutShort) checkCutShort(world, life, after);
  else checkLease(world, life, after.leaseUntilMs);
}

/** When work has failed and ended, what it may still have under way needs a few seconds from then on, not from when this lands. */
function checkCutShort({ simulation }: World, life: Life, { leaseUntilMs, writtenAtMs }: AppState): void {
  if (leaseUntilMs < writtenAtMs + SKEW_MS)
    violate(simulation, 'S5', `the lease of ${life.owner} is cut to nothing`);
}

function checkLease(world: World, life: Life, leaseUntilMs: number): void {
  if (leaseUntilMs <= life.killAtMs + SKEW_MS)
    violate(world.simulation, 'S5', `the lease of ${life.owner} ends before it`);
}

function checkHolder({ simulation, truth }: World, one: Published, rowId: string): void {
  const nowMs = simulation.time.nowMs();
  const row = truth.rows.get(rowId);
  const state = row?.to[one.target];
  if (row === undefined || state === undefined) {
    violate(simulation, 'S5', `${rowId} is published to ${one.target} without a row`);
    return;
  }
  if (state.is !== 'open' && state.is !== 'held') return;
  const lease = state.is === 'open' ? truth.apps.get(row.facts.app) : truth.leases.get(one.target);
  if (lease?.owner !== one.life.owner || lease.leaseUntilMs <= nowMs) {
    violate(simulation, 'S5', `${state.is} ${one.target} of ${rowId} is published without its lease`);
  }
}
