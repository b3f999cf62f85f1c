import type { AlertConfig } from '../../lib/domain/alert-config.ts';
import type { FailureReason } from '../../lib/domain/app-state.ts';
import type { AppKey } from '../../lib/domain/identity.ts';
import type { FaultRates } from './faults.ts';
import { instantOf, wallMs } from './wire/zones.ts';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** What follows the second where dates are written with a fraction. */
const FRACTION_MS = 667;

/** How one app's API behaves, the same for a whole history. */
export type ApiTraits = {
  /** Rows an answer holds at most, whatever was asked. */
  readonly rowsMax: number;
  readonly order: 'ascending' | 'descending' | 'arbitrary' | 'unstable-ties';
  readonly total: 'right' | 'absent' | 'zero' | 'of-page' | 'capped' | 'too-high';
  readonly limit: 'asked' | 'applied' | 'absent';
  readonly bounds: 'inclusive' | 'exclusive' | 'whole-days';
  readonly refuses: 'nothing' | 'future' | 'time-of-day' | 'both';
  /** What its zone-less dates show more than the true time read in the configured zone. */
  readonly shiftMs: number;
  readonly dates: 'second' | 'day';
  /** Zone of the clocks its dates are read off, IANA name. @default UTC */
  readonly zone?: string;
  /** How it writes them over a wire. @default plain */
  readonly dateForm?: 'plain' | 'spaced' | 'fraction';
};

/** What a record says from a moment on. */
export type Version = { readonly type: string; readonly text: string };

/** One record of the API. Two records may show one message, under two types. */
export type ApiRecord = {
  readonly name: string;
  readonly app: AppKey;
  readonly id: string | undefined;
  readonly phone: string;
  readonly createdMs: number;
  readonly visibleFromMs: number;
  /** When the first record of the same message was shown. */
  readonly messageFromMs: number;
  readonly deletedAtMs: number | undefined;
  readonly first: Version;
  readonly later: (Version & { readonly fromMs: number }) | undefined;
  readonly undated: boolean;
  /** Where it has no id: what its identity is made of instead. @default its name */
  readonly canonical?: string;
};

/** A file in force from a moment on; for a while old and new code may run side by side. */
export type Phase = { readonly fromMs: number; readonly mixedUntilMs: number; readonly config: AlertConfig };

export type Outage = {
  readonly app: AppKey;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly because: FailureReason;
};

/** What stands in for the world. */
export type Parts = 'ports' | 'adapters';

/** Everything that is given about one history; with it, it happens the same way again. */
export type History = {
  readonly seed: number;
  /** Whether the use cases run over modelled ports, or through the adapters over modelled wires. @default ports */
  readonly parts?: Parts;
  /** Most items in one answer of the modelled table to a query. @default so many that all fit */
  readonly pageItemsMax?: number;
  readonly startMs: number;
  readonly rates: FaultRates;
  readonly phases: readonly [Phase, ...Phase[]];
  readonly apis: Readonly<Record<AppKey, ApiTraits>>;
  readonly records: readonly ApiRecord[];
  readonly outages: readonly Outage[];
  /** Apps whose every answer takes longer than any deadline, until faults stop. */
  readonly slowUntilHeal?: readonly AppKey[];
  readonly shardAppsMax: number;
  /** When a person sends back everything that is on the failed list. */
  readonly operatorMs: readonly number[];
  /** Rows one turn may name. */
  readonly turnRowsMax: number;
  /** When each tick is due. Faults stop at `healMs`. */
  readonly ticksMs: readonly number[];
  readonly healMs: number;
  readonly endMs: number;
};

/** The phase in force. */
export function phaseAt(history: Pick<History, 'phases'>, nowMs: number): Phase {
  return history.phases.findLast((phase) => phase.fromMs <= nowMs) ?? history.phases[0];
}

export function versionAt(record: ApiRecord, nowMs: number): Version {
  return record.later !== undefined && nowMs >= record.later.fromMs ? record.later : record.first;
}

/** The date a record shows, as read in the configured zone. */
export function shownDateMs(record: ApiRecord, traits: ApiTraits): number {
  const shownMs = wallDateMs(record, traits);
  return traits.zone === undefined ? shownMs : instantOf(traits.zone, shownMs);
}

/** The date a record shows, as if it were UTC. */
export function wallDateMs(record: ApiRecord, { shiftMs, dates, dateForm, zone }: ApiTraits): number {
  const atMs = record.createdMs + shiftMs;
  const shownMs = zone === undefined ? atMs : wallMs(zone, atMs);
  if (dates === 'day') return Math.floor(shownMs / DAY_MS) * DAY_MS;
  return Math.floor(shownMs / SECOND_MS) * SECOND_MS + (dateForm === 'fraction' ? FRACTION_MS : 0);
}
