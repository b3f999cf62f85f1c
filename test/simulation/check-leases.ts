import type { AppState } from '../../lib/domain/app-state.ts';
import { SECOND_MS } from './history.ts';
import { type Life, violate } from './simulation-state.ts';
import type { World } from './world.ts';

/** Longest that clocks may differ. */
const SKEW_MS = 5 * SECOND_MS;

/** An app's lease outlives its holder, or is cut short by it when its work has ended. */
export function checkAppLease(world: World, life: Life, before: AppState | undefined, after: AppState): void {
  if (after.owner === undefined) return;
  const isCutShort = before?.owner === after.owner && before.leaseUntilMs > after.leaseUntilMs;
  if (isCutShort) checkCutShort(world, life, after.leaseUntilMs);
  else checkLease(world, life, after.leaseUntilMs);
}

/** When work has failed and ended, what it may still have under way needs a few seconds. */
function checkCutShort(world: World, life: Life, leaseUntilMs: number): void {
  const nowMs = world.simulation.time.nowMs() + life.skewMs;
  if (leaseUntilMs < nowMs + SKEW_MS)
    violate(world.simulation, 'S5', `the lease of ${life.owner} is cut to nothing`);
}

/** A lease outlives the invocation that takes it. */
export function checkLease(world: World, life: Life, leaseUntilMs: number): void {
  if (leaseUntilMs <= life.killAtMs + SKEW_MS)
    violate(world.simulation, 'S5', `the lease of ${life.owner} ends before it`);
}
