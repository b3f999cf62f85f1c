import process from 'node:process';

type Planned = { readonly atMs: number; readonly order: number; readonly run: () => void };

/** Time that passes only from one planned moment to the next. */
export type VirtualTime = {
  readonly nowMs: () => number;
  /** Plans `run` for a moment; what is planned for the same moment runs in the order it was planned. */
  readonly at: (atMs: number, run: () => void) => void;
  /** Runs everything planned up to `untilMs`, or until `stop` says so. */
  readonly runUntil: (untilMs: number, stop: () => boolean) => Promise<void>;
};

/** Starts at `startMs`. Between two moments everything that can go on without waiting has gone on. */
export function virtualTime(startMs: number): VirtualTime {
  const queue: Planned[] = [];
  let nowMs = startMs;
  let order = 0;
  return {
    nowMs: () => nowMs,
    at: (atMs, run) => {
      order += 1;
      insert(queue, { atMs: Math.max(atMs, nowMs), order, run });
    },
    runUntil: async (untilMs, stop) => {
      for (;;) {
        const next = queue.at(-1);
        if (next === undefined || next.atMs > untilMs || stop()) break;
        queue.pop();
        nowMs = next.atMs;
        next.run();
        await settled();
      }
      if (!stop()) nowMs = Math.max(nowMs, untilMs);
    },
  };
}

/** A next tick comes only when every promise that could settle has, and costs no turn of the event loop. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}

/** The queue is kept latest first, so that the next to run is at its end. */
function insert(queue: Planned[], planned: Planned): void {
  let low = 0;
  let high = queue.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = queue[middle];
    if (other !== undefined && other.atMs > planned.atMs) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, planned);
}
