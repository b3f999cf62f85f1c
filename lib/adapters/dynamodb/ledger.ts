import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { AppState } from '../../domain/app-state.ts';
import type { CooldownKey, Cooldowns } from '../../domain/cooldown.ts';
import type { AppKey, Target } from '../../domain/identity.ts';
import type { RuleStarts } from '../../domain/rule-starts.ts';
import type { SmsBudget } from '../../domain/sms-budget.ts';
import type { AppStore, Ledger, TargetLease, Versioned } from '../../ports/ledger.ts';
import { batchGet } from './batch-get.ts';
import { dynamoFailedList } from './failed-list.ts';
import { dynamoGroupingSecret } from './grouping-secret.ts';
import { dynamoHeldQueue } from './held-queue.ts';
import { type OnUnreadable, readEach, type TableAccess } from './item.ts';
import { dynamoRowStore } from './row-store.ts';
import {
  appStateShape,
  cooldownsShape,
  ruleStartsShape,
  smsBudgetShape,
  targetLeaseShape,
} from './shapes.ts';
import { dynamoSwapStore, parseVersioned, type SwapCodec } from './swap-store.ts';
import {
  appItemKey,
  budgetItemKey,
  cooldownItemKey,
  leaseItemKey,
  rulesItemKey,
  TTL_ATTRIBUTE,
} from './table.ts';

export type LedgerDeps = {
  /** A fresh one for each write: whose write stands is told by it. */
  readonly writeId: () => string;
  /** @default nobody is told */
  readonly onUnreadable?: OnUnreadable | undefined;
};

/** The ledger in one DynamoDB table. Owns no connection: the client is the caller's to close. */
export function dynamoLedger(client: DynamoDBClient, tableName: string, deps: LedgerDeps): Ledger {
  const { writeId, onUnreadable = () => undefined } = deps;
  const table: TableAccess = { client: DynamoDBDocumentClient.from(client), tableName, onUnreadable };
  return {
    apps: dynamoAppStore(table, writeId),
    ruleStarts: dynamoSwapStore(table, RULE_STARTS, writeId),
    leases: dynamoSwapStore(table, LEASES, writeId),
    budgets: dynamoSwapStore(table, BUDGETS, writeId),
    cooldowns: dynamoSwapStore(table, COOLDOWNS, writeId),
    groupingSecret: dynamoGroupingSecret(table, writeId),
    rows: dynamoRowStore(table),
    held: dynamoHeldQueue(table),
    failed: dynamoFailedList(table),
  };
}

const APPS: SwapCodec<AppKey, AppState> = {
  keyOf: appItemKey,
  encode: (state) => state,
  shape: appStateShape,
};

const RULE_STARTS: SwapCodec<AppKey, RuleStarts> = {
  keyOf: rulesItemKey,
  encode: (rules) => ({ rules }),
  shape: ruleStartsShape.transform(({ rules }) => rules),
};

const LEASES: SwapCodec<Target, TargetLease> = {
  keyOf: leaseItemKey,
  encode: (lease) => lease,
  shape: targetLeaseShape,
};

const BUDGETS: SwapCodec<Target, SmsBudget> = {
  keyOf: budgetItemKey,
  encode: (budget) => budget,
  shape: smsBudgetShape,
};

const COOLDOWNS: SwapCodec<CooldownKey, Cooldowns> = {
  keyOf: cooldownItemKey,
  encode: ({ starts, expiresAtS }) => ({ starts, [TTL_ATTRIBUTE]: expiresAtS }),
  shape: cooldownsShape.transform(({ starts, expiresAt }) => ({ starts, expiresAtS: expiresAt })),
};

const partitionShape = z.object({ pk: z.string() });

function dynamoAppStore(table: TableAccess, writeId: () => string): AppStore {
  return {
    ...dynamoSwapStore(table, APPS, writeId),
    // An app left out looks new; its first write finds the item there, reads it, and fails that app alone.
    load: async (apps) => {
      const byPartition = new Map(apps.map((app) => [appItemKey(app).pk, app]));
      const items = await batchGet(table, apps.map(appItemKey));
      const states = readEach(table, items, (item) => {
        const app = byPartition.get(partitionShape.parse(item).pk);
        return app === undefined
          ? []
          : [[app, parseVersioned(appStateShape, appItemKey(app), item)] as const];
      });
      return new Map<AppKey, Versioned<AppState>>(states.flat());
    },
  };
}
