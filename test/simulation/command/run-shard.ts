import { drawHistory } from '../draw-history.ts';
import { drawnIn } from '../drawn.ts';
import type { FaultKind } from '../faults.ts';
import type { History, Parts } from '../history.ts';
import { type Outcome, runHistory } from '../run-history.ts';
import type { CallKind, Violation } from '../simulation-state.ts';

/** Seeds one after the other. `parts`: what all of them run through; undefined: each draws it. */
export type Span = {
  readonly seed: number;
  readonly histories: number;
  readonly parts?: Parts | undefined;
};

/** What was counted over some histories; counts of spans add up. */
export type Counts = {
  readonly sums: Readonly<Record<Sum, number>>;
  readonly fired: ReadonlyMap<FaultKind, number>;
  readonly calls: ReadonlyMap<CallKind, number>;
};

export const SUMS = [
  'histories',
  'owed',
  'invocations',
  'timedOut',
  'requests',
  'calls',
  'published',
  'accepted',
] as const;
export type Sum = (typeof SUMS)[number];

export type ShardResult = {
  /** Of the histories that held; what comes after a broken one is not run. */
  readonly counts: Counts;
  /** Of every history, by its seed, the hash of all it did. */
  readonly hashes: readonly (readonly [seed: number, hash: string])[];
  readonly broken: { readonly history: History; readonly violation: Violation } | undefined;
};

/** Runs a span of seeds up to the first history that breaks an invariant. */
export async function runShard({ seed, histories, parts }: Span): Promise<ShardResult> {
  let counts = noCounts();
  const hashes: [number, string][] = [];
  for (let number = seed; number < seed + histories; number += 1) {
    const history = drawHistory(number, { parts });
    const outcome = await runHistory(history);
    hashes.push([number, outcome.trace]);
    if (outcome.violation !== undefined) {
      return { counts, hashes, broken: { history, violation: outcome.violation } };
    }
    counts = added(counts, countsOf(history, outcome));
  }
  return { counts, hashes, broken: undefined };
}

export function noCounts(): Counts {
  const sums = Object.fromEntries(SUMS.map((sum) => [sum, 0])) as Record<Sum, number>;
  return { sums, fired: new Map(), calls: new Map() };
}

export function added(a: Counts, b: Counts): Counts {
  const sums = Object.fromEntries(SUMS.map((sum) => [sum, a.sums[sum] + b.sums[sum]])) as Record<Sum, number>;
  return { sums, fired: addedUp([...a.fired, ...b.fired]), calls: addedUp([...a.calls, ...b.calls]) };
}

/** The sum of all counts of each kind. */
export function addedUp<Kind>(counts: Iterable<readonly [Kind, number]>): ReadonlyMap<Kind, number> {
  const total = new Map<Kind, number>();
  for (const [kind, count] of counts) total.set(kind, (total.get(kind) ?? 0) + count);
  return total;
}

function countsOf(history: History, outcome: Outcome): Counts {
  const { owed, invocations, timedOut, requests, published, accepted, calls, fired } = outcome;
  const callCount = [...calls.values()].reduce((total, count) => total + count, 0);
  return {
    sums: { histories: 1, owed, invocations, timedOut, requests, calls: callCount, published, accepted },
    fired: addedUp([...fired, ...drawnIn(history)]),
    calls,
  };
}
