import type { Random } from './random.ts';

/** Everything that goes wrong, each with the rate at which it does when it is drawn. */
const RATES_MAX = {
  'tick-lost': 0.3,
  'tick-doubled': 0.4,
  'tick-late': 0.3,
  'crash-before-call': 0.02,
  'crash-after-call': 0.02,
  'clock-skew': 0.5,
  'ledger-error': 0.06,
  'ledger-applied-error': 0.06,
  'ledger-applied-late': 0.04,
  'ledger-slow': 0.05,
  'ledger-hangs': 0.01,
  'ledger-stale': 0.4,
  'sns-refused': 0.3,
  'sns-outage': 0.15,
  'sns-gone': 0.2,
  'sns-invalid': 0.8,
  'sns-invalid-plain': 1,
  'sns-unknown-applied': 0.2,
  'sns-unknown-lost': 0.3,
  'sns-slow': 0.2,
  'api-unauthorised': 0.1,
  'api-forbidden': 0.1,
  'api-gone': 0.1,
  'api-rate-limited': 0.1,
  'api-rate-limited-until': 0.1,
  'api-rejected': 0.05,
  'api-unavailable': 0.2,
  'api-unreadable': 0.1,
  'api-slow': 0.2,
  'event-late-minutes': 0.3,
  'event-late-hours': 0.2,
  'event-late-days': 0.1,
  'event-deleted': 0.2,
  'event-deleted-while-read': 1,
  'event-changed': 0.2,
  'event-under-two-types': 0.3,
  'event-undated': 0.1,
  'event-without-id': 0.1,
  'event-storm': 0.5,
  'source-outage': 0.5,
  'rule-added': 0.8,
  'rule-edited': 0.8,
  'rule-removed': 0.8,
  'rule-since': 1,
  'app-added': 0.4,
  'receiver-removed': 0.9,
  'old-and-new-code': 0.9,
} as const;

/** What goes wrong between an adapter and a service, and exists nowhere else. */
const WIRE_RATES_MAX = {
  'wire-throttled': 0.3,
  'wire-reset': 0.15,
  'wire-server-error': 0.15,
  'wire-unprocessed-keys': 0.4,
  'wire-sns-kms': 0.4,
  'wire-sns-denied': 0.4,
  'wire-sns-reset': 0.4,
  'wire-sns-no-id': 0.4,
  'wire-sns-html': 0.4,
  'wire-api-reset': 0.2,
  'wire-redirect': 0.1,
  'wire-html': 0.2,
  'wire-error-body': 0.2,
  'wire-too-large': 0.12,
  'wire-body-cut': 0.2,
  'wire-body-broken': 0.2,
  'wire-odd-retry-after': 0.8,
} as const;

export type FaultKind = keyof typeof RATES_MAX | keyof typeof WIRE_RATES_MAX;

export const FAULT_KINDS = Object.keys({ ...RATES_MAX, ...WIRE_RATES_MAX }) as readonly FaultKind[];

export type FaultRates = Readonly<Partial<Record<FaultKind, number>>>;

/** A random subset of kinds, each at a rate of its own: what masks a mistake in one history is missing in another. */
export function drawRates(random: Random): FaultRates {
  return drawFrom(RATES_MAX, random, [0.1, 0.25, 0.5, 0.8]);
}

/** The same, of what goes wrong below the adapters: more of it, for most is made good there. */
export function drawWireRates(random: Random): FaultRates {
  return drawFrom(WIRE_RATES_MAX, random, [0.25, 0.5, 0.8]);
}

function drawFrom(
  ratesMax: Readonly<Record<string, number>>,
  random: Random,
  shares: readonly number[],
): FaultRates {
  const share = random.pick(shares);
  const drawn = Object.entries(ratesMax).filter(() => random.chance(share));
  return Object.fromEntries(
    drawn.map(([kind, max]) => [kind, Math.round((0.1 + 0.9 * random.next()) * max * 1000) / 1000]),
  );
}

/** Fires faults at their rates while they are on, and counts them. */
export type Faults = {
  readonly fires: (kind: FaultKind) => boolean;
  readonly fired: ReadonlyMap<FaultKind, number>;
  readonly stop: () => void;
};

export function faultsAt(rates: FaultRates, random: Random): Faults {
  const fired = new Map<FaultKind, number>();
  let on = true;
  return {
    fires: (kind) => {
      const rate = rates[kind];
      if (!on || rate === undefined || !random.chance(rate)) return false;
      fired.set(kind, (fired.get(kind) ?? 0) + 1);
      return true;
    },
    fired,
    stop: () => {
      on = false;
    },
  };
}
