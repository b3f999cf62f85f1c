import pLimit from 'p-limit';
import type { Target } from '../domain/identity.ts';
import type { Pace } from '../domain/policy.ts';
import { HELD_PER_TARGET_MAX, LEASE_MARGIN_MS, REQUESTS_MAX, WORK_RESERVE_MS } from '../domain/policy.ts';
import type { HeldItem, TargetLease, Versioned } from '../ports/ledger.ts';
import { flushTarget } from './flush-target.ts';
import { startTick } from './poll-shard.ts';
import type { Invocation, Ports, Rulebook, Tick } from './tick.ts';

/** Reminders listed in one tick: so many that one target in trouble does not hide the others. */
const HELD_LISTED_MAX = 20_000;

/** Entries of the failed list the alarm needs to see: beyond that the number says nothing more. */
const FAILED_COUNT_MAX = 100;

const NO_LEASE: TargetLease = { owner: undefined, leaseUntilMs: 0, notBeforeMs: 0 };

/**
 * One tick of the digest: what is held and due, target by target. A reminder decides nothing by itself, its row
 * does. An idle tick asks two questions and writes nothing.
 *
 * @throws AggregateError of what went wrong while reading or writing the ledger.
 */
export async function flushHeld(
  ports: Ports,
  rulebook: Rulebook,
  pace: Pace,
  invocation: Invocation,
): Promise<void> {
  const tick = startTick(ports, rulebook, pace, invocation);
  const nowMs = ports.clock.nowMs();
  const due = await ports.ledger.held.listDue(nowMs, HELD_LISTED_MAX);
  const byTarget = Map.groupBy(due, (item) => item.target);
  const limit = pLimit(REQUESTS_MAX);
  const results = await Promise.allSettled(
    [...byTarget].map(([target, items]) =>
      limit(() => underLease(tick, target, items.slice(0, HELD_PER_TARGET_MAX), nowMs)),
    ),
  );
  // Last, and whatever became of the rest: a list that cannot be read must not keep alerts from going out.
  const counted = await Promise.allSettled([countFailed(ports)]);
  const errors = [...results, ...counted].flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  for (const error of errors) {
    ports.telemetry.log('error', 'flushing what is held failed', { error: String(error) });
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} parts of the digest failed`);
}

async function countFailed({ ledger, telemetry }: Ports): Promise<void> {
  telemetry.count('FailedListed', (await ledger.failed.list(FAILED_COUNT_MAX)).length);
}

/** Held targets are published only under the target's lease, so that overlapping digests do not repeat one. */
async function underLease(
  tick: Tick,
  target: Target,
  items: readonly HeldItem[],
  nowMs: number,
): Promise<void> {
  const { ledger, clock } = tick.ports;
  if (clock.nowMs() >= tick.invocation.killAtMs - WORK_RESERVE_MS) return;
  const seen = await ledger.leases.read(target);
  const lease = seen?.value ?? NO_LEASE;
  const taken = lease.owner !== undefined && lease.leaseUntilMs > nowMs;
  if (taken || lease.notBeforeMs > nowMs) return;
  const swap = await ledger.leases.swap(target, seen, leaseOf(tick));
  if (swap.kind === 'lost') return;
  await flushAndRelease(tick, target, items, swap.now);
}

async function flushAndRelease(
  tick: Tick,
  target: Target,
  items: readonly HeldItem[],
  held: Versioned<TargetLease>,
): Promise<void> {
  const { ledger } = tick.ports;
  let notBeforeMs = 0;
  try {
    notBeforeMs = await flushTarget(tick, target, items);
  } finally {
    // If this fails the lease ends by itself, a little later.
    await ledger.leases.swap(target, held, { ...NO_LEASE, notBeforeMs }).catch(() => undefined);
  }
}

function leaseOf(tick: Tick): TargetLease {
  const { owner, killAtMs } = tick.invocation;
  return { owner, leaseUntilMs: killAtMs + LEASE_MARGIN_MS, notBeforeMs: 0 };
}
