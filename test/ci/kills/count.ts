import type { Target } from '../../../lib/domain/identity.ts';
import type { InboxLine } from '../../end-to-end/local-process.ts';
import { type InjectedEvent, targetsOf } from './watched-world.ts';

/** Longest from the delivery of a message to the record of it, and so before a kill that leaves it unrecorded. */
export const GAP_MS = 2_000;

/** A process may still write when the signal is on its way. */
const DYING_MS = 50;

export type KillFigures = {
  readonly eventsInjected: number;
  /** Of those: matched by a rule. */
  readonly eventsMatching: number;
  /** One per event and target of its rule. */
  readonly alertsOwed: number;
  readonly alertsTold: number;
  readonly lost: number;
  /** Alerts told more than once, counted each time but the first. */
  readonly repeats: number;
  /** Repeats of a message that was delivered, and not recorded because a kill followed within the gap. */
  readonly repeatsInGap: number;
  /** Messages that tell of an event no rule matches. */
  readonly toldWithoutRule: number;
  /** For whoever has to find out why: messages that were not recorded although no kill followed. */
  readonly unexplained: readonly string[];
};

export type Evidence = {
  readonly events: readonly InjectedEvent[];
  /** Per event, the message its row names for each target. */
  readonly recorded: ReadonlyMap<InjectedEvent, ReadonlyMap<Target, string>>;
  readonly inbox: readonly InboxLine[];
  readonly killsMs: readonly number[];
};

const ADDRESSES: Readonly<Record<string, Target>> = {
  'sales@example.com': 'sales/email',
  '+12025550123': 'sales/sms',
  'owner@example.com': 'owner/email',
};

/**
 * Counts from the inbox what became of every event. A message tells an alert when it shows the event's mark; a digest by
 * SMS shows none, says how many, and is looked up by the message the alert's row names. What a message tells beyond
 * the rows that name it was told before it could be recorded: those alerts are told once more.
 */
export function countKills({ events, recorded, inbox, killsMs }: Evidence): KillFigures {
  const recordedBy = new Map<string, number>();
  for (const messageId of [...recorded.values()].flatMap((messages) => [...messages.values()])) {
    recordedBy.set(messageId, (recordedBy.get(messageId) ?? 0) + 1);
  }
  const named = new Set(inbox.flatMap((line) => marksOf(line).map((mark) => `${targetOf(line)} ${mark}`)));
  const delivered = new Set(inbox.map(({ messageId }) => messageId));
  const owed = events.flatMap((event) => targetsOf(event).map((target) => ({ event, target })));
  const told = owed.filter(({ event, target }) => {
    if (named.has(`${target} ${event.mark}`)) return true;
    const messageId = recorded.get(event)?.get(target);
    return target.endsWith('/sms') && messageId !== undefined && delivered.has(messageId);
  });
  const unmatched = new Set(events.filter((event) => targetsOf(event).length === 0).map(({ mark }) => mark));
  const unrecorded = inbox
    .map((line) => ({ line, count: alertCountOf(line) - (recordedBy.get(line.messageId) ?? 0) }))
    .filter(({ count }) => count > 0);
  return {
    eventsInjected: events.length,
    eventsMatching: events.length - unmatched.size,
    alertsOwed: owed.length,
    alertsTold: told.length,
    lost: owed.length - told.length,
    repeats: inbox.reduce((sum, line) => sum + alertCountOf(line), 0) - told.length,
    repeatsInGap: unrecorded
      .filter(({ line }) => isBeforeKill(line, killsMs))
      .reduce((sum, { count }) => sum + count, 0),
    unexplained: unrecorded
      .filter(({ line }) => !isBeforeKill(line, killsMs))
      .map(({ line, count }) => `${count} of ${alertCountOf(line)} in ${describe(line, killsMs)}`),
    toldWithoutRule: inbox.filter((line) => marksOf(line).some((mark) => unmatched.has(mark))).length,
  };
}

function isBeforeKill({ at }: InboxLine, killsMs: readonly number[]): boolean {
  const atMs = Date.parse(at);
  return killsMs.some((killMs) => killMs - atMs >= -DYING_MS && killMs - atMs <= GAP_MS);
}

function describe(line: InboxLine, killsMs: readonly number[]): string {
  const atMs = Date.parse(line.at);
  const nextKillMs = Math.min(...killsMs.filter((killMs) => killMs - atMs >= -DYING_MS));
  return `${line.at} ${targetOf(line)} ${nextKillMs - atMs} ms before a kill: ${marksOf(line).join(' ')}`;
}

function alertCountOf(line: InboxLine): number {
  const counted = line.channel === 'sms' ? /^(\d+) alerts/.exec(line.body)?.[1] : undefined;
  return counted === undefined ? marksOf(line).length : Number(counted);
}

function marksOf({ body }: InboxLine): readonly string[] {
  return body.match(/\bn\d+x\b/g) ?? [];
}

function targetOf({ address }: InboxLine): Target | undefined {
  return ADDRESSES[address];
}
