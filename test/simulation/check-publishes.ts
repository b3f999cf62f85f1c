import { checkAttempts } from './check-attempts.ts';
import { checkReserved } from './check-limits.ts';
import type { Published } from './ports/publisher-model.ts';
import { violate } from './simulation-state.ts';
import type { World } from './world.ts';

/** SNS disables an e-mail subscription beyond this. */
const MESSAGES_PER_SECOND_MAX = 10;

/** No publish begins this close to the end of an invocation. */
const RESERVE_MS = 5_000;

/** Checks a publish as it leaves. */
export function checkPublish(world: World, one: Published): void {
  const { simulation, publisher } = world;
  const nowMs = simulation.time.nowMs();
  for (const rowId of one.rowIds) checkLease(world, one, rowId, nowMs);
  checkReserved(world, one);
  if (nowMs + one.life.skewMs >= one.life.killAtMs - RESERVE_MS) {
    violate(simulation, 'S7', `${one.life.owner} publishes with too little time left`);
  }
  let recent = 0;
  for (let index = publisher.published.length - 1; index >= 0; index -= 1) {
    const other = publisher.published[index];
    if (other === undefined || other.startedMs <= nowMs - 1_000) break;
    if (other.target === one.target) recent += 1;
  }
  if (recent > MESSAGES_PER_SECOND_MAX) {
    violate(simulation, 'I7', `${recent} messages within a second to ${one.target}`);
  }
  checkAttempts(world, one);
}

function checkLease({ simulation, truth }: World, one: Published, rowId: string, nowMs: number): void {
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
