/** Which publishes a fault meets: those to one topic (its name or ARN) or all, and how many of them. */
type Scope = { readonly topic?: string | undefined; readonly times?: number | undefined };

/** What a publish meets. */
export type SnsFault =
  | { readonly kind: 'refuse'; readonly code: string; readonly status: number }
  | { readonly kind: 'unknown'; readonly delivers: boolean }
  | { readonly kind: 'slow'; readonly delayMs: number };

/** Orders trouble for the next publishes, single or batch. Each publish meets one fault, the oldest that fits. */
export type SnsFaults = {
  /** They are refused with the wire's error code, such as `Throttled` and 429; nothing is delivered. */
  refuseNext(refusal: Scope & { readonly code: string; readonly status: number }): void;
  /** The connection drops without an answer, after delivery or (`delivers: false`) before it. */
  unknownNext(scope?: Scope & { readonly delivers?: boolean | undefined }): void;
  /** They are taken `delayMs` later. */
  slowNext(delayMs: number, scope?: Scope): void;
  clear(): void;
};

/** The side of the faults only the endpoint has. */
export type TakenFaults = SnsFaults & {
  /** The oldest fault for a publish to this target, used up by one. */
  take(target: string): SnsFault | undefined;
};

/** No faults yet. */
export function createSnsFaults(): TakenFaults {
  let pending: readonly {
    readonly fault: SnsFault;
    readonly topic: string | undefined;
    readonly left: number;
  }[] = [];
  const add = (fault: SnsFault, { topic, times = 1 }: Scope) => {
    if (!Number.isInteger(times) || times < 1)
      throw new RangeError(`expected times of at least 1, got ${times}`);
    pending = [...pending, { fault, topic, left: times }];
  };
  return {
    refuseNext: ({ code, status, ...scope }) => add({ kind: 'refuse', code, status }, scope),
    unknownNext: ({ delivers = true, ...scope } = {}) => add({ kind: 'unknown', delivers }, scope),
    slowNext: (delayMs, scope = {}) => add({ kind: 'slow', delayMs }, scope),
    clear: () => {
      pending = [];
    },
    take: (target) => {
      const found = pending.find(
        ({ topic }) => topic === undefined || topic === target || target.endsWith(`:${topic}`),
      );
      if (found === undefined) return undefined;
      pending = pending
        .map((entry) => (entry === found ? { ...entry, left: entry.left - 1 } : entry))
        .filter(({ left }) => left > 0);
      return found.fault;
    },
  };
}
