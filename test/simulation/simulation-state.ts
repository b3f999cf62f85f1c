import { createHash } from 'node:crypto';
import type { AlertConfig } from '../../lib/domain/alert-config.ts';
import type { Target } from '../../lib/domain/identity.ts';
import type { AlertRow } from '../../lib/domain/ledger-row.ts';
import type { Faults } from './faults.ts';
import type { VirtualTime } from './ports/virtual-time.ts';
import type { Random } from './random.ts';
import type { Operation } from './wire/table-operations.ts';

/** Every effect on the outside that the use cases have. */
export const CALL_KINDS = [
  'apps.load',
  'apps.swap',
  'starts.read',
  'starts.swap',
  'budgets.read',
  'budgets.swap',
  'cooldowns.read',
  'cooldowns.swap',
  'secret.read',
  'leases.read',
  'leases.swap',
  'rows.lookUp',
  'rows.read',
  'rows.claim',
  'rows.record',
  'rows.flush',
  'rows.reopen',
  'rows.expire',
  'held.put',
  'held.remove',
  'held.listDue',
  'failed.put',
  'failed.list',
  'failed.remove',
  'source.readPage',
  'publisher.publish',
] as const;

/** No use case reads one app by itself. */
export type CallKind = (typeof CALL_KINDS)[number] | 'apps.read' | WireCallKind;

/** Every request that the adapters make. */
export type WireCallKind = `wire.${Operation | 'Publish' | 'GetEvents'}`;

/** Names of what must hold: the ten of any such system, and those of this one. */
export type Invariant =
  | `I${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10}`
  | `S${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13}`;

export type Violation = { readonly invariant: Invariant; readonly detail: string; readonly atMs: number };

/** Stops an invocation for good around one call, counted from `fromMs` until `untilMs`. */
export type CrashPlan = {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly callIndex: number;
  readonly side: 'before' | 'after';
};

/** A function, or a person who sends back what was given up. */
export type LifeKind = 'poll' | 'digest' | 'operator';

/** One invocation of a function: what it may do until it dies. */
export type Life = {
  readonly kind: LifeKind;
  readonly owner: string;
  readonly config: AlertConfig;
  /** What its own clock shows more than the true time. */
  readonly skewMs: number;
  /** By its own clock. */
  readonly killAtMs: number;
  readonly startedMs: number;
  /** Rows it has claimed or read consistently: what it may publish. By formatted key. */
  readonly inPlay: Map<string, AlertRow>;
  /** Held targets it was told are due, as `<target> <row>`, and when. */
  readonly listed: Map<string, number>;
  /** How often a write of a row failed under it. By formatted key. */
  readonly failedWrites: Map<string, number>;
  pendingCount: number;
  end: 'running' | 'returned' | 'threw' | 'crashed' | 'timed-out';
};

/** What all models of one history share. */
export type Simulation = {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly faults: Faults;
  /** Topics that are gone and do not come back. */
  readonly gone: Set<Target>;
  readonly crash: CrashPlan | undefined;
  readonly calls: Map<CallKind, number>;
  /** Calls within the crash plan's span, in their order. */
  readonly plannedCalls: CallKind[];
  violation: Violation | undefined;
  readonly trace: Trace;
};

export type Trace = {
  readonly add: (line: string) => void;
  readonly digest: () => string;
  readonly lines: readonly string[];
};

/** A running hash of everything that happened; keeps the lines only when asked to. */
export function traceOf(keepsLines: boolean): Trace {
  const hash = createHash('sha256');
  const lines: string[] = [];
  return {
    add: (line) => {
      hash.update(line).update('\n');
      if (keepsLines) lines.push(line);
    },
    digest: () => hash.copy().digest('hex'),
    lines,
  };
}

/** Keeps the first violation: what follows from it says nothing new. */
export function violate(simulation: Simulation, invariant: Invariant, detail: string): void {
  simulation.violation ??= { invariant, detail, atMs: simulation.time.nowMs() };
  simulation.trace.add(`! ${invariant}: ${detail}`);
}

/** In the last moments of an invocation a write that fails is not tried again. */
const LAST_MOMENTS_MS = 3_000;

/** A row of which writes failed may be told once more: it is tried again and again, so once is too little where there was time. */
export function noteFailedWrite({ time }: Simulation, life: Life, rowId: string): void {
  const isLast = time.nowMs() + life.skewMs > life.killAtMs - LAST_MOMENTS_MS;
  life.failedWrites.set(rowId, isLast ? Number.POSITIVE_INFINITY : (life.failedWrites.get(rowId) ?? 0) + 1);
}
