import type { LimitFunction } from 'p-limit';
import type { AlertConfig, Receiver } from '../domain/alert-config.ts';
import type { StormTally } from '../domain/decide.ts';
import type { Target } from '../domain/identity.ts';
import { receiverOf } from '../domain/identity.ts';
import type { Matcher } from '../domain/match.ts';
import type { Pace } from '../domain/policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventSource } from '../ports/event-source.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Sender } from './sender.ts';

/** What the use cases need of the world. */
export type Ports = {
  readonly clock: Clock;
  readonly source: EventSource;
  readonly ledger: Ledger;
  readonly publisher: Publisher;
  readonly telemetry: Telemetry;
};

/** One run of a function: who it is in leases and rows, and when it is killed. */
export type Invocation = { readonly owner: string; readonly killAtMs: number };

/** The file, compiled once per cold start. */
export type Rulebook = { readonly config: AlertConfig; readonly match: Matcher };

/** Everything one tick works with. `tally`, `sender` and `reservations` hold what the tick's apps share. */
export type Tick = {
  readonly ports: Ports;
  readonly rulebook: Rulebook;
  readonly pace: Pace;
  readonly invocation: Invocation;
  readonly tally: StormTally;
  readonly sender: Sender;
  /** By target: SMS are reserved one after the other, or they would take each other's turn. */
  readonly reservations: Map<Target, LimitFunction>;
};

/** The receiver of a target as the file has it now; undefined when the receiver or its channel is gone. */
export function receiverFor(config: AlertConfig, target: Target): Receiver | undefined {
  const { receiver: name, channel } = receiverOf(target);
  const receiver = config.receivers.find((candidate) => candidate.name === name);
  return receiver?.[channel] === undefined ? undefined : receiver;
}
