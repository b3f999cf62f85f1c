import type { AppState } from '../../../lib/domain/app-state.ts';
import type { CooldownKey, Cooldowns } from '../../../lib/domain/cooldown.ts';
import type { AppKey, Target } from '../../../lib/domain/identity.ts';
import { type AlertRow, formatKey } from '../../../lib/domain/ledger-row.ts';
import type { RuleStarts } from '../../../lib/domain/rule-starts.ts';
import type { SmsBudget } from '../../../lib/domain/sms-budget.ts';
import type { FailedItem, HeldItem, TargetLease, Versioned } from '../../../lib/ports/ledger.ts';
import type { Life } from '../simulation-state.ts';

/** One write as it took effect. */
export type Write =
  | {
      readonly kind: 'app';
      readonly life: Life;
      readonly app: AppKey;
      readonly before: AppState | undefined;
      readonly after: AppState;
    }
  | {
      readonly kind: 'row';
      readonly life: Life;
      readonly rowId: string;
      readonly before: AlertRow | undefined;
      readonly after: AlertRow;
    }
  | { readonly kind: 'lease'; readonly life: Life; readonly target: Target; readonly after: TargetLease }
  | {
      readonly kind: 'budget';
      readonly life: Life;
      readonly target: Target;
      readonly before: SmsBudget | undefined;
      readonly after: SmsBudget;
    }
  | { readonly kind: 'cooldown'; readonly life: Life; readonly key: CooldownKey; readonly after: Cooldowns }
  | { readonly kind: 'held'; readonly life: Life; readonly item: HeldItem }
  | { readonly kind: 'failed'; readonly life: Life; readonly item: FailedItem };

type Past<T> = { readonly atMs: number; readonly value: T }[];

/** What the ledger really holds, and held: for checks, and for reads that answer with the past. */
export type LedgerTruth = {
  readonly apps: Map<AppKey, AppState>;
  readonly leases: Map<Target, TargetLease>;
  readonly rows: Map<string, AlertRow>;
  /** By app: rows with an open target. */
  readonly openRows: Map<AppKey, Set<string>>;
  /** Reminders by `<target> <row>`: the times they stand at. */
  readonly held: Map<string, Set<number>>;
  readonly failed: Map<string, FailedItem>;
  readonly pastApps: Map<AppKey, Past<Versioned<AppState>>>;
  readonly pastRows: Map<string, Past<AlertRow>>;
  /** When an app's state was first written. */
  readonly startedMs: Map<AppKey, number>;
  /** Suffixes of rows that were deleted and claimed anew. */
  readonly generations: Map<string, string>;
  /** When the last seeding of an app ended. */
  readonly seededMs: Map<AppKey, number>;
  /** When a rule was first among the starts of an app, by `<app> <rule>`. */
  readonly ruleKnownMs: Map<string, number>;
  /** SMS that were reserved, by target. */
  readonly reservedCounts: Map<Target, number>;
};

export function emptyTruth(): LedgerTruth {
  return {
    apps: new Map(),
    leases: new Map(),
    rows: new Map(),
    openRows: new Map(),
    held: new Map(),
    failed: new Map(),
    pastApps: new Map(),
    pastRows: new Map(),
    startedMs: new Map(),
    generations: new Map(),
    seededMs: new Map(),
    ruleKnownMs: new Map(),
    reservedCounts: new Map(),
  };
}

export function heldId(target: Target, rowId: string): string {
  return `${target} ${rowId}`;
}

export function noteApp(truth: LedgerTruth, app: AppKey, now: Versioned<AppState>, nowMs: number): void {
  if (!truth.startedMs.has(app)) truth.startedMs.set(app, nowMs);
  const before = truth.apps.get(app);
  if (before?.rulesHash !== now.value.rulesHash || before.seeding !== undefined) {
    truth.seededMs.set(app, nowMs);
  }
  truth.apps.set(app, now.value);
  push(truth.pastApps, app, { atMs: nowMs, value: now });
}

export function noteStarts(truth: LedgerTruth, app: AppKey, starts: RuleStarts, nowMs: number): void {
  for (const name of Object.keys(starts)) {
    const key = `${app} ${name}`;
    if (!truth.ruleKnownMs.has(key)) truth.ruleKnownMs.set(key, nowMs);
  }
}

export function noteRow(truth: LedgerTruth, row: AlertRow, nowMs: number): void {
  const rowId = formatKey(row.key);
  truth.rows.set(rowId, row);
  push(truth.pastRows, rowId, { atMs: nowMs, value: row });
  const open = truth.openRows.get(row.facts.app) ?? new Set();
  if (Object.values(row.to).some((state) => state.is === 'open')) open.add(rowId);
  else open.delete(rowId);
  truth.openRows.set(row.facts.app, open);
}

export function noteHeld(truth: LedgerTruth, item: HeldItem, isThere: boolean): void {
  const id = heldId(item.target, formatKey(item.key));
  const times = truth.held.get(id) ?? new Set();
  if (isThere) times.add(item.untilMs);
  else times.delete(item.untilMs);
  if (times.size === 0) truth.held.delete(id);
  else truth.held.set(id, times);
}

/** The value as it was at `atMs`. */
export function asOf<T>(past: Past<T> | undefined, atMs: number): T | undefined {
  return past?.findLast((version) => version.atMs <= atMs)?.value;
}

function push<K, T>(map: Map<K, Past<T>>, key: K, version: Past<T>[number]): void {
  const past = map.get(key);
  if (past === undefined) map.set(key, [version]);
  else past.push(version);
}
