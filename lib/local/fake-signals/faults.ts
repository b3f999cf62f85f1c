import * as z from 'zod';

/** What the next requests for events meet in place of a plain answer. */
export const faultSchema = z
  .strictObject({
    /** Only requests for this app; every app when left out. */
    app: z.string().optional(),
    kind: z.enum(['status', 'html', 'truncate', 'slow', 'reset']),
    /** For `status` (default 503) and `html` (default 502). */
    status: z.int().min(200).max(599).optional(),
    /** The Retry-After header, as it is sent. */
    retryAfter: z.union([z.string(), z.number()]).optional(),
    /** For `slow`. */
    delayMs: z.int().min(0).max(600_000).default(1_000),
    times: z.int().min(1).max(1_000_000).default(1),
  })
  .readonly();

/** A fault as a test writes it. */
export type FaultInput = z.input<typeof faultSchema>;

/** A fault with its defaults. */
export type Fault = z.output<typeof faultSchema>;

/** Faults in the order they were ordered. */
export type Faults = {
  /** Takes what `faultSchema` takes. @throws z.ZodError */
  add(input: unknown): void;
  /** The oldest fault that fits, used up by one; undefined: answer as usual. */
  take(app: string): Fault | undefined;
  clear(): void;
};

/** No faults yet. */
export function createFaults(): Faults {
  let pending: readonly { readonly fault: Fault; readonly left: number }[] = [];
  return {
    add: (input) => {
      const fault = faultSchema.parse(input);
      pending = [...pending, { fault, left: fault.times }];
    },
    take: (app) => {
      const found = pending.find(({ fault }) => fault.app === undefined || fault.app === app);
      if (found === undefined) return undefined;
      pending = pending
        .map((entry) => (entry === found ? { ...entry, left: entry.left - 1 } : entry))
        .filter(({ left }) => left > 0);
      return found.fault;
    },
    clear: () => {
      pending = [];
    },
  };
}
