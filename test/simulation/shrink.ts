import type { FaultKind } from './faults.ts';
import type { History } from './history.ts';
import type { Invariant } from './invariants.ts';
import { runHistory } from './run-history.ts';

/** Runs that may be spent on making one failing history smaller. */
const RUNS_MAX = 300;

/**
 * A smaller history that breaks the same invariant: kinds of faults, files, outages, ticks and records are left out
 * for as long as it still does.
 */
export async function shrink(history: History, invariant: Invariant): Promise<History> {
  let smallest = history;
  let runs = 0;
  for (let isSmaller = true; isSmaller && runs < RUNS_MAX; ) {
    isSmaller = false;
    for (const candidate of smallerOnes(smallest)) {
      runs += 1;
      if (runs > RUNS_MAX) break;
      const { violation } = await runHistory(candidate);
      if (violation?.invariant !== invariant) continue;
      smallest = candidate;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}

function* smallerOnes(history: History): Generator<History> {
  const [first, ...later] = history.phases;
  if (later.length > 0) yield { ...history, phases: [first, ...later.slice(0, -1)] };
  for (const outage of history.outages) {
    yield { ...history, outages: history.outages.filter((other) => other !== outage) };
  }
  for (const records of fewer(history.records)) yield { ...history, records };
  for (const kind of Object.keys(history.rates) as FaultKind[]) {
    const { [kind]: _, ...rates } = history.rates;
    yield { ...history, rates };
  }
  const chaos = history.ticksMs.filter((tickMs) => tickMs < history.healMs);
  for (const left of fewer(chaos)) {
    yield { ...history, ticksMs: [...left, ...history.ticksMs.slice(chaos.length)] };
  }
}

/** Without a half, a quarter, an eighth … of it, at each place. */
function* fewer<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < list.length; start += size) {
      yield [...list.slice(0, start), ...list.slice(start + size)];
    }
  }
}
