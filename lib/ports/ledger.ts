import type { AppState } from '../domain/app-state.ts';
import type { CooldownKey, Cooldowns } from '../domain/cooldown.ts';
import type { AppKey, Target } from '../domain/identity.ts';
import type { AlertRow, RowKey, TargetState, TargetStates } from '../domain/ledger-row.ts';
import type { RuleStarts } from '../domain/rule-starts.ts';
import type { SmsBudget } from '../domain/sms-budget.ts';

/** A value that is only ever replaced by someone who has seen what it replaces. */
export type Versioned<T> = {
  /** Grows by one with each write. */
  readonly v: number;
  /** Of the write that made it: tells whose write stands when an outcome was not learned. */
  readonly w: string;
  readonly value: T;
};

export type Swap<T> =
  | { readonly kind: 'written'; readonly now: Versioned<T> }
  /** Someone else wrote first; `now` is what stands, read consistently. */
  | { readonly kind: 'lost'; readonly now: Versioned<T> | undefined };

/** Items that change by compare-and-swap. */
export interface SwapStore<Id, T> {
  /** Consistent. */
  read(id: Id): Promise<Versioned<T> | undefined>;
  /**
   * Writes `next` if the item still is what was `seen` (undefined: does not exist). A failed condition or an
   * outcome that was not learned is settled inside by one consistent read; it throws only when that fails
   * too, and then nobody knows whether it was written.
   */
  swap(id: Id, seen: Versioned<T> | undefined, next: T): Promise<Swap<T>>;
}

export interface AppStore extends SwapStore<AppKey, AppState> {
  /** Many at once, eventually consistent: enough, because swaps decide. Missing apps are left out. */
  load(apps: readonly AppKey[]): Promise<ReadonlyMap<AppKey, Versioned<AppState>>>;
}

/** Who may publish what is held for a target. */
export type TargetLease = {
  readonly owner: string | undefined;
  readonly leaseUntilMs: number;
  /** Set after a refusal: nothing is published to the target before it. */
  readonly notBeforeMs: number;
};

export interface RowStore {
  /** Many at once, eventually consistent, keyed by `formatKey`. Missing rows are left out. */
  lookUp(keys: readonly RowKey[]): Promise<ReadonlyMap<string, AlertRow>>;
  /** Consistent. */
  read(key: RowKey): Promise<AlertRow | undefined>;
  /** Puts the row if there is none. When there is, it is returned as it stands, read consistently. */
  claim(
    row: AlertRow,
  ): Promise<{ readonly kind: 'claimed' } | { readonly kind: 'exists'; readonly row: AlertRow }>;
  /** Sets the states of these targets if the row exists. Only for targets that are open, under the app's lease. */
  record(key: RowKey, states: TargetStates, expiresAtS: number | undefined): Promise<void>;
  /** Sets one target's state if it is `held`; returns the row as it then stands, or undefined if it was not held. */
  flush(
    key: RowKey,
    target: Target,
    state: TargetState,
    expiresAtS: number | undefined,
  ): Promise<AlertRow | undefined>;
  /**
   * Sets one target's state if it is `failed`, and takes the row's expiry away: it is settled no longer. Returns the row
   * as it then stands, whoever wrote it; undefined if there is none.
   */
  reopen(key: RowKey, target: Target, state: TargetState): Promise<AlertRow | undefined>;
  /** Lets a settled row go at `expiresAtS`. */
  expire(key: RowKey, expiresAtS: number): Promise<void>;
}

/** A reminder that a target of a row is held. It decides nothing: the row does. */
export type HeldItem = { readonly untilMs: number; readonly target: Target; readonly key: RowKey };

export interface HeldQueue {
  put(item: HeldItem): Promise<void>;
  remove(item: HeldItem): Promise<void>;
  /** Items due by `nowMs`, earliest first, at most `countMax`. */
  listDue(nowMs: number, countMax: number): Promise<readonly HeldItem[]>;
}

export type FailedItem = {
  readonly atMs: number;
  /** `-` where no delivery failed but a span of time was never read. */
  readonly target: Target | '-';
  /** The row; or, for a span of time, the app's item. */
  readonly key: RowKey;
  readonly because: string;
};

export interface FailedList {
  put(item: FailedItem): Promise<void>;
  remove(item: FailedItem): Promise<void>;
  /** Earliest first, at most `countMax`. */
  list(countMax: number): Promise<readonly FailedItem[]>;
}

/** A random text of this stack, made when it is first asked for: groups are hashed with it. */
export interface GroupingSecret {
  read(): Promise<string>;
}

/** The state of the whole stack. Every write is one item under at most one condition. */
export interface Ledger {
  readonly apps: AppStore;
  readonly ruleStarts: SwapStore<AppKey, RuleStarts>;
  readonly leases: SwapStore<Target, TargetLease>;
  readonly budgets: SwapStore<Target, SmsBudget>;
  readonly cooldowns: SwapStore<CooldownKey, Cooldowns>;
  readonly groupingSecret: GroupingSecret;
  readonly rows: RowStore;
  readonly held: HeldQueue;
  readonly failed: FailedList;
}
