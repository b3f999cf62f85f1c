import * as z from 'zod';
import type { AppState, FailureReason } from '../../domain/app-state.ts';
import type { AppKey, EventHash } from '../../domain/identity.ts';
import type { AlertFacts, HoldReason, SuppressReason, TargetStates } from '../../domain/ledger-row.ts';
import type { RuleStarts } from '../../domain/rule-starts.ts';
import type { SmsBudget } from '../../domain/sms-budget.ts';
import type { TargetLease } from '../../ports/ledger.ts';

/**
 * Of every item but reminders. An attribute more is ignored, so that a release may add one; a release that changes
 * the meaning of one raises the version, and this one then refuses the item. Reasons and channels are read as any
 * text: a row with one that a later release knows must not stop this one after a roll-back.
 */
export const SHAPE_VERSION = 1;

const text = z.string();
const count = z.number();
const timeMs = z.number();
const maybeText = maybe(text);
const maybeTimeMs = maybe(timeMs);
const appKey = text.transform((key) => key as AppKey);
const eventHash = text.transform((hash) => hash as EventHash);
const target = z.templateLiteral([z.string(), '/', z.string()]);

const tier = z.object({ markMs: timeMs, atMs: maybeTimeMs });

const failure = z.object({
  because: text.transform((because) => because as FailureReason),
  detail: text,
  sinceMs: timeMs,
  count,
});

/** What every item that changes by compare-and-swap has. */
export const swapShape = z.object({ version: z.literal(SHAPE_VERSION), v: z.number(), w: text });

export const appStateShape: z.ZodType<AppState> = z.object({
  app: appKey,
  startMs: timeMs,
  watermarkMs: timeMs,
  tiers: z.object({ hourly: tier, daily: tier }),
  backfill: maybe(z.object({ atMs: timeMs, untilMs: timeMs })),
  grownLookback: maybe(z.object({ lookbackMs: timeMs, seenAtMs: timeMs })),
  pollAfterMs: timeMs,
  failure: maybe(failure),
  deepFailure: maybe(z.object({ count, retryAtMs: timeMs })),
  accepts: z.object({
    future: z.boolean(),
    timeOfDay: z.boolean(),
    halving: z.boolean(),
    rowsMax: count,
    spanMaxMs: maybeTimeMs,
    learnedAtMs: timeMs,
  }),
  rulesHash: text,
  rulesAtMs: timeMs,
  historyFromMs: timeMs,
  seeding: maybe(z.object({ sinceMs: timeMs, atMs: timeMs, untilMs: timeMs })),
  counters: z.object({ alerts: count }),
  owner: maybeText,
  leaseUntilMs: timeMs,
  open: z.array(text),
  writtenAtMs: timeMs,
});

const ruleStart = z.object({
  whenHash: text,
  fromMs: timeMs,
  readFromMs: timeMs,
  addedAtMs: timeMs,
  goneAtMs: maybeTimeMs,
});

/** Under one attribute, because rules are named by the user: one may be called `pk`. */
export const ruleStartsShape: z.ZodType<{ readonly rules: RuleStarts }> = z.object({
  rules: z.record(text, ruleStart),
});

export const targetLeaseShape: z.ZodType<TargetLease> = z.object({
  owner: maybeText,
  leaseUntilMs: timeMs,
  notBeforeMs: timeMs,
});

export const smsBudgetShape: z.ZodType<SmsBudget> = z.object({
  hourMs: timeMs,
  hourCount: count,
  monthMs: timeMs,
  monthMicroUsd: count,
});

/** `expiresAt` is what the table's clean-up looks at. */
export const cooldownsShape = z.object({
  starts: z.array(z.object({ atMs: timeMs, by: text })),
  expiresAt: z.number(),
});

const targetState = z.discriminatedUnion('is', [
  z.object({ is: z.literal('open') }),
  z.object({
    is: z.literal('held'),
    untilMs: timeMs,
    because: text.transform((because) => because as HoldReason),
    unknownCount: count,
    troubledSinceMs: maybeTimeMs,
    lastError: maybeText,
  }),
  z.object({ is: z.literal('sent'), messageId: text, atMs: timeMs, alertCount: count }),
  z.object({
    is: z.literal('suppressed'),
    because: text.transform((because) => because as SuppressReason),
    atMs: timeMs,
    by: maybeText,
  }),
  z.object({ is: z.literal('failed'), because: text, atMs: timeMs }),
]);

const targetStates: z.ZodType<TargetStates> = z.record(target, targetState);

const alertFacts: z.ZodType<AlertFacts> = z.object({
  app: appKey,
  appName: text,
  rule: text,
  event: eventHash,
  type: text,
  text: maybeText,
  phone: maybeText,
  campaignId: maybeText,
  adId: maybeText,
  occurredAtMs: maybeTimeMs,
  seenAtMs: timeMs,
  keyword: maybeText,
});

/** A ledger row as stored: short names, and the one that the table's clean-up looks at. */
export const rowShape = z.object({
  version: z.literal(SHAPE_VERSION),
  owner: text,
  config: text,
  event: alertFacts,
  to: targetStates,
  claimedAt: timeMs,
  expiresAt: maybe(z.number()),
});

/** An attribute that is absent reads as undefined, with its name there. */
function maybe<S extends z.ZodType>(shape: S) {
  return shape
    .optional()
    .prefault(undefined)
    .transform((value) => value);
}
