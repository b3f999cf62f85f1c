import type { Target } from '../../../lib/domain/identity.ts';
import { cutShards } from '../../../lib/domain/shards.ts';
import type { Published } from '../ports/publisher-model.ts';
import { type Life, violate } from '../simulation-state.ts';
import type { World } from '../world.ts';

/** Alerts of one rule to one target in a minute, over all that publish at once. */
const STORM_LIMIT = 20;

/** Publishes of unknown outcome after which an alert is given up. */
const UNKNOWN_MAX = 3;

/** Longest that clocks may differ. */
const SKEW_MS = 5_000;

/** No publish begins this close to the end of an invocation. */
const RESERVE_MS = 5_000;

export function publishesLeaveTime({ simulation }: World, { life }: Published): void {
  if (simulation.time.nowMs() + life.skewMs >= life.killAtMs - RESERVE_MS) {
    violate(simulation, 'S7', `${life.owner} publishes with too little time left`);
  }
}

/** A reminder may be older than what its row says. */
export function heldIsDue({ simulation, truth }: World, one: Published): void {
  const { life, target, startedMs } = one;
  if (life.kind !== 'digest') return;
  for (const rowId of one.rowIds) {
    const state = truth.rows.get(rowId)?.to[target];
    if (state?.is !== 'held' || state.untilMs <= startedMs + SKEW_MS) continue;
    // A plain digest does not say under which rule it tells of an event.
    const event = rowId.slice(0, rowId.lastIndexOf('#'));
    if ([...life.inPlay.keys()].some((other) => other !== rowId && other.startsWith(event))) continue;
    violate(simulation, 'S3', `${rowId} is published to ${target} ${state.untilMs - startedMs} ms too early`);
  }
}

/** By e-mail alone: an SMS does not say which of two rules it is about. */
export function unknownEnds(world: World, one: Published): void {
  if (!one.target.endsWith('/email')) return;
  for (const rowId of one.rowIds) checkUnknowns(world, one.target, rowId);
}

/** As above. */
export function stormsAreShared(world: World, one: Published): void {
  if (!one.target.endsWith('/email') || one.life.kind !== 'poll') return;
  for (const rowId of one.rowIds) checkStorm(world, one, rowId);
}

function checkUnknowns({ simulation, publisher, truth }: World, target: Target, rowId: string): void {
  const sentBackMs =
    truth.pastRows.get(rowId)?.findLast(({ value }) => value.to[target]?.is === 'failed')?.atMs ?? 0;
  const unknown = publisher.published.filter(
    (one) =>
      one.target === target &&
      one.rowIds.includes(rowId) &&
      one.told === 'unknown' &&
      one.startedMs > sentBackMs &&
      one.life.end === 'returned' &&
      !one.life.failedWrites.has(rowId),
  );
  if (unknown.length >= UNKNOWN_MAX) {
    violate(simulation, 'S12', `${rowId} is published to ${target} after ${unknown.length} unknown outcomes`);
  }
}

function checkStorm({ simulation, publisher, history, truth }: World, one: Published, rowId: string): void {
  const rule = truth.rows.get(rowId)?.facts.rule;
  const rows = new Set(
    publisher.published
      .filter((other) => other.life === one.life && other.target === one.target)
      .flatMap((other) => other.rowIds)
      .filter((other) => truth.rows.get(other)?.facts.rule === rule),
  );
  if (rows.size > shareOf(one.life, history.shardAppsMax)) {
    violate(simulation, 'S11', `${one.life.owner} tells ${one.target} ${rows.size} alerts of ${rule}`);
  }
}

/** The polls of all shards publish at once, and the digest. */
function shareOf({ config }: Life, shardAppsMax: number): number {
  const publisherCount = cutShards(config.apps, shardAppsMax).length + 1;
  return Math.max(1, Math.floor(STORM_LIMIT / publisherCount));
}
