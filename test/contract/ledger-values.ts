import type { AppState, FailureReason } from '../../lib/domain/app-state.ts';
import { type AppKey, appKey, hashEvent, targetOf } from '../../lib/domain/identity.ts';
import type {
  AlertFacts,
  AlertRow,
  HoldReason,
  SuppressReason,
  TargetState,
} from '../../lib/domain/ledger-row.ts';
import { rowKey } from '../../lib/domain/ledger-row.ts';
import type { RuleStarts } from '../../lib/domain/rule-starts.ts';

export const NOW_MS = 1_790_000_000_000;

export const APP = appKey('c-123', '72822');
export const EMAIL = targetOf('sales', 'email');
export const SMS = targetOf('sales', 'sms');

export const OPEN: TargetState = { is: 'open' };
export const HELD = {
  is: 'held',
  untilMs: NOW_MS + 60_000,
  because: 'storm',
  unknownCount: 0,
  troubledSinceMs: undefined,
  lastError: undefined,
} as const satisfies TargetState;
export const SENT = {
  is: 'sent',
  messageId: 'm-1',
  atMs: NOW_MS,
  alertCount: 1,
} as const satisfies TargetState;

/** One of each, by name: a variant that is added later does not compile until it stands here. */
const STATES: { readonly [Is in TargetState['is']]: Extract<TargetState, { is: Is }>[] } = {
  open: [{ is: 'open' }],
  held: namesOf<HoldReason>({
    storm: 0,
    refused: 0,
    'catch-up': 0,
    'sms-hour': 0,
    unknown: 0,
    deadline: 0,
    'no-receiver': 0,
    retry: 0,
  }).flatMap((because) => [
    {
      ...HELD,
      is: 'held',
      untilMs: 1,
      unknownCount: 2,
      because,
      troubledSinceMs: NOW_MS,
      lastError: 'throttled 😀',
    },
    { is: 'held', untilMs: 1, unknownCount: 0, because, troubledSinceMs: undefined, lastError: undefined },
  ]),
  sent: [{ is: 'sent', messageId: '0d5c…', atMs: NOW_MS, alertCount: 12 }],
  suppressed: namesOf<SuppressReason>({
    'before-start': 0,
    'no-receiver': 0,
    cooldown: 0,
    'sms-budget': 0,
  }).map((because) => ({
    is: 'suppressed',
    because,
    atMs: NOW_MS,
    by: because === 'cooldown' ? 'app#c-1/100|alert#00#orders' : undefined,
  })),
  failed: [{ is: 'failed', because: 'refused: "não"', atMs: NOW_MS }],
};

export const EVERY_TARGET_STATE: readonly TargetState[] = Object.values(STATES).flat();

export const EVERY_FAILURE_REASON: readonly FailureReason[] = namesOf<FailureReason>({
  unauthorised: 0,
  forbidden: 0,
  gone: 0,
  'rate-limited': 0,
  rejected: 0,
  unavailable: 0,
  unreadable: 0,
});

const BARE_STATE: AppState = {
  app: APP,
  startMs: NOW_MS,
  watermarkMs: NOW_MS,
  tiers: { hourly: { markMs: NOW_MS, atMs: undefined }, daily: { markMs: NOW_MS, atMs: undefined } },
  backfill: undefined,
  grownLookback: undefined,
  pollAfterMs: 0,
  failure: undefined,
  deepFailure: undefined,
  accepts: {
    future: true,
    timeOfDay: true,
    halving: true,
    rowsMax: 0,
    spanMaxMs: undefined,
    learnedAtMs: NOW_MS,
  },
  rulesHash: '',
  rulesAtMs: 0,
  historyFromMs: 0,
  seeding: undefined,
  counters: { alerts: 0 },
  owner: undefined,
  leaseUntilMs: 0,
  open: [],
  writtenAtMs: NOW_MS,
};

export function appState(changes: Partial<AppState> = {}): AppState {
  return { ...BARE_STATE, ...changes };
}

/** Nothing in it is undefined, empty or zero. */
export const FULL_STATE: AppState = {
  app: APP,
  startMs: NOW_MS - 1,
  watermarkMs: NOW_MS - 2,
  tiers: {
    hourly: { markMs: NOW_MS - 3, atMs: NOW_MS - 4 },
    daily: { markMs: NOW_MS - 5, atMs: NOW_MS - 6 },
  },
  backfill: { atMs: NOW_MS - 8, untilMs: NOW_MS - 7 },
  grownLookback: { lookbackMs: 93_600_000, seenAtMs: NOW_MS - 9 },
  pollAfterMs: NOW_MS + 10,
  failure: {
    because: 'rate-limited',
    detail: 'asked for events; got 429 ⏳',
    sinceMs: NOW_MS - 11,
    count: 3,
  },
  deepFailure: { count: 2, retryAtMs: NOW_MS + 9 },
  accepts: {
    future: false,
    timeOfDay: false,
    halving: false,
    rowsMax: 100,
    spanMaxMs: 3_600_000,
    learnedAtMs: NOW_MS,
  },
  rulesHash: 'r1',
  rulesAtMs: 1_795_000_000_001,
  historyFromMs: NOW_MS - 12,
  seeding: { sinceMs: NOW_MS - 15, atMs: NOW_MS - 14, untilMs: NOW_MS - 13 },
  counters: { alerts: 7 },
  owner: 'invocation-1',
  leaseUntilMs: NOW_MS + 17,
  open: ['app#c-123/72822|alert#00#ready-to-order', 'app#c-123/72822|alert#01#ça-va'],
  writtenAtMs: NOW_MS - 18,
};

export const RULE_STARTS: RuleStarts = {
  'ready-to-order': {
    whenHash: 'h1',
    fromMs: NOW_MS,
    readFromMs: NOW_MS,
    addedAtMs: NOW_MS,
    goneAtMs: undefined,
  },
  pk: { whenHash: 'h2', fromMs: NOW_MS - 1, readFromMs: NOW_MS, addedAtMs: NOW_MS - 2, goneAtMs: NOW_MS + 1 },
};

export function facts(id: string, changes: Partial<AlertFacts> = {}): AlertFacts {
  return {
    app: APP,
    appName: 'Spot Store',
    rule: 'ready-to-order',
    event: hashEvent({ id, canonical: '' }),
    type: 'keyword',
    text: undefined,
    phone: undefined,
    campaignId: undefined,
    adId: undefined,
    occurredAtMs: undefined,
    seenAtMs: NOW_MS,
    keyword: undefined,
    ...changes,
  };
}

export function alertRow(id: string, changes: Partial<AlertRow> = {}): AlertRow {
  const known = facts(id);
  return {
    key: rowKey(APP, known.event, known.rule),
    version: 1,
    owner: 'invocation-1',
    config: 'config-1',
    facts: known,
    to: { [EMAIL]: OPEN, [SMS]: HELD },
    claimedAtMs: NOW_MS,
    expiresAtS: undefined,
    ...changes,
  };
}

export function manyApps(count: number): readonly AppKey[] {
  return Array.from({ length: count }, (_, index) => appKey('c-1', `app-${index}`));
}

function namesOf<Name extends string>(names: Readonly<Record<Name, 0>>): readonly Name[] {
  return Object.keys(names) as Name[];
}
