import { FAULT_KINDS, type FaultKind } from '../faults.ts';
import { added, type Counts, noCounts, type ShardResult, type Span } from './run-shard.ts';
import type { WorkerPool } from './worker-pool.ts';

export type HistoriesAsked = Span & {
  /** Goes on beyond `histories` until every kind of fault has fired this often, or until `endsMs` of the wall clock. */
  readonly untilFaults?: { readonly count: number; readonly endsMs: number } | undefined;
  /** Told of each span as its turn comes, in the order of seeds. */
  readonly onSpan?: (result: ShardResult) => void;
};

export type HistoriesRun = {
  readonly counts: Counts;
  readonly broken: ShardResult['broken'];
  /** Kinds of faults that fired too rarely. */
  readonly rare: readonly FaultKind[];
};

/** Seeds one thread takes at once: few enough that threads end together, and that little is run in vain. */
const SPAN = 20;

/** Runs until all that was asked for has been done, or a history has broken an invariant. */
export async function runHistories(pool: WorkerPool, asked: HistoriesAsked): Promise<HistoriesRun> {
  const { untilFaults } = asked;
  const rareIn = (counts: Counts): readonly FaultKind[] =>
    FAULT_KINDS.filter((kind) => (counts.fired.get(kind) ?? 0) < (untilFaults?.count ?? 0));
  let counts = noCounts();
  for await (const result of inOrder(pool, spansOf(asked))) {
    asked.onSpan?.(result);
    counts = added(counts, result.counts);
    if (result.broken !== undefined) return { counts, broken: result.broken, rare: [] };
    if (untilFaults !== undefined && Date.now() >= untilFaults.endsMs) break;
    if (counts.sums.histories < asked.histories) continue;
    if (untilFaults === undefined || rareIn(counts).length === 0) break;
  }
  return { counts, broken: undefined, rare: rareIn(counts) };
}

/**
 * Spans run on all threads at once, but come in the order of their seeds, and who reads them stops where the run is
 * done: the outcome does not depend on how many threads there are.
 */
async function* inOrder(pool: WorkerPool, spans: Iterator<Span, undefined>): AsyncGenerator<ShardResult> {
  const running: Promise<ShardResult>[] = [];
  for (;;) {
    while (running.length < pool.size + 1) {
      const { value: span } = spans.next();
      if (span === undefined) break;
      const run = pool.run({ kind: 'histories', ...span });
      // What is wrong with it is told in its turn.
      run.catch(() => undefined);
      running.push(run);
    }
    const first = running.shift();
    if (first === undefined) return;
    yield await first;
  }
}

/**
 * Up to the number asked for, and then on for as long as faults are wanted: through the adapters, where every kind of
 * fault occurs.
 */
function* spansOf({ seed, histories, parts, untilFaults }: HistoriesAsked): Generator<Span, undefined> {
  const endSeed = seed + histories;
  for (let from = seed; from < endSeed; from += SPAN) {
    yield { seed: from, histories: Math.min(SPAN, endSeed - from), parts };
  }
  for (let from = endSeed; untilFaults !== undefined; from += SPAN) {
    yield { seed: from, histories: SPAN, parts: parts ?? 'adapters' };
  }
  return undefined;
}
