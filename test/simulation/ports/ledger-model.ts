import type { AppState } from '../../../lib/domain/app-state.ts';
import type { CooldownKey, Cooldowns } from '../../../lib/domain/cooldown.ts';
import type { AppKey, Target } from '../../../lib/domain/identity.ts';
import { formatKey } from '../../../lib/domain/ledger-row.ts';
import type { RuleStarts } from '../../../lib/domain/rule-starts.ts';
import type { SmsBudget } from '../../../lib/domain/sms-budget.ts';
import type {
  AppStore,
  FailedList,
  HeldQueue,
  Ledger,
  SwapStore,
  TargetLease,
  Versioned,
} from '../../../lib/ports/ledger.ts';
import type { CallKind, Life } from '../simulation-state.ts';
import { type Course, throughGate } from './gate.ts';
import { type LedgerParts, lagMs, ledgerCourse } from './ledger-network.ts';
import { asOf, heldId, noteApp, noteHeld, noteStarts } from './ledger-truth.ts';
import { rowStoreModel } from './row-store-model.ts';

/** The ledger as one invocation sees it: the real one in memory, behind a network that fails. */
export function ledgerModel(parts: LedgerParts, life: Life): Ledger {
  return {
    apps: appStoreModel(parts, life),
    ruleStarts: swapModel<AppKey, RuleStarts>(parts, life, 'starts', parts.store.ruleStarts, (app, now) =>
      noteStarts(parts.truth, app, now.value, parts.simulation.time.nowMs()),
    ),
    leases: swapModel<Target, TargetLease>(parts, life, 'leases', parts.store.leases, (target, now) => {
      parts.truth.leases.set(target, now.value);
      parts.onWrite({ kind: 'lease', life, target, after: now.value });
    }),
    budgets: swapModel<Target, SmsBudget>(
      parts,
      life,
      'budgets',
      parts.store.budgets,
      (target, now, before) => parts.onWrite({ kind: 'budget', life, target, before, after: now.value }),
    ),
    cooldowns: swapModel<CooldownKey, Cooldowns>(
      parts,
      life,
      'cooldowns',
      parts.store.cooldowns,
      (key, now) => parts.onWrite({ kind: 'cooldown', life, key, after: now.value }),
    ),
    groupingSecret: {
      read: () =>
        throughGate(parts.simulation, life, 'secret.read', '', ledgerCourse(parts.simulation, false), () =>
          parts.store.groupingSecret.read(),
        ),
    },
    rows: rowStoreModel(parts, life),
    held: heldModel(parts, life),
    failed: failedModel(parts, life),
  };
}

function appStoreModel(parts: LedgerParts, life: Life): AppStore {
  const { simulation, store, truth } = parts;
  return {
    ...swapModel<AppKey, AppState>(parts, life, 'apps', store.apps, (app, now, before) => {
      noteApp(truth, app, now, simulation.time.nowMs());
      parts.onWrite({ kind: 'app', life, app, before, after: now.value });
    }),
    load: (apps) =>
      throughGate(simulation, life, 'apps.load', '', ledgerCourse(simulation, false), async () => {
        const atMs = simulation.time.nowMs() - lagMs(simulation);
        const loaded = new Map<AppKey, Versioned<AppState>>();
        for (const app of apps) {
          const state = asOf(truth.pastApps.get(app), atMs);
          if (state !== undefined) loaded.set(app, state);
        }
        return loaded;
      }),
  };
}

function swapModel<Id extends string, T>(
  { simulation }: LedgerParts,
  life: Life,
  name: 'apps' | 'starts' | 'leases' | 'budgets' | 'cooldowns',
  store: SwapStore<Id, T>,
  onWritten: (id: Id, now: Versioned<T>, before: T | undefined) => void,
): SwapStore<Id, T> {
  const readKind: CallKind = `${name}.read`;
  const swapKind: CallKind = `${name}.swap`;
  return {
    read: (id) =>
      throughGate(simulation, life, readKind, id, ledgerCourse(simulation, false), () => store.read(id)),
    swap: (id, seen, next) =>
      throughGate(simulation, life, swapKind, id, ledgerCourse(simulation, true), async () => {
        const before = await store.read(id);
        const swap = await store.swap(id, seen, next);
        if (swap.kind === 'written') onWritten(id, swap.now, before?.value);
        return swap;
      }),
  };
}

function heldModel({ simulation, store, truth, onWrite }: LedgerParts, life: Life): HeldQueue {
  const course = (writes: boolean): Course => ledgerCourse(simulation, writes);
  return {
    put: (item) =>
      throughGate(simulation, life, 'held.put', formatKey(item.key), course(true), async () => {
        await store.held.put(item);
        noteHeld(truth, item, true);
        onWrite({ kind: 'held', life, item });
      }),
    remove: (item) =>
      throughGate(simulation, life, 'held.remove', formatKey(item.key), course(true), async () => {
        await store.held.remove(item);
        noteHeld(truth, item, false);
        onWrite({ kind: 'held', life, item });
      }),
    listDue: async (nowMs, countMax) => {
      const due = await throughGate(simulation, life, 'held.listDue', '', course(false), () =>
        store.held.listDue(nowMs, countMax),
      );
      for (const { target, key } of due) life.listed.set(heldId(target, formatKey(key)), nowMs);
      return due;
    },
  };
}

function failedModel({ simulation, store, truth, onWrite }: LedgerParts, life: Life): FailedList {
  return {
    put: (item) =>
      throughGate(
        simulation,
        life,
        'failed.put',
        formatKey(item.key),
        ledgerCourse(simulation, true),
        async () => {
          await store.failed.put(item);
          truth.failed.set(`${item.target} ${formatKey(item.key)}`, item);
          onWrite({ kind: 'failed', life, item });
        },
      ),
    remove: (item) => {
      if (life.kind !== 'operator') throw new Error(`${life.owner} took an entry off the failed list`);
      return throughGate(
        simulation,
        life,
        'failed.remove',
        formatKey(item.key),
        ledgerCourse(simulation, true),
        async () => {
          await store.failed.remove(item);
          const id = `${item.target} ${formatKey(item.key)}`;
          if (truth.failed.get(id)?.atMs === item.atMs) truth.failed.delete(id);
        },
      );
    },
    list: (countMax) =>
      throughGate(simulation, life, 'failed.list', '', ledgerCourse(simulation, false), () =>
        store.failed.list(countMax),
      ),
  };
}
