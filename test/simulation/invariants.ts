import { healthyAppsAreAsked } from './checks/asked.ts';
import { heldIsDue, publishesLeaveTime, stormsAreShared, unknownEnds } from './checks/attempts.ts';
import { cooldownsTellOne, overBudgetGoesByEmail, quietIsToldByAnother } from './checks/cooldowns.ts';
import { allIsDrained } from './checks/drained.ts';
import { leasesOutlive, publishesUnderLease } from './checks/leases.ts';
import { budgetsHold, smsAreReserved, topicsArePaced } from './checks/limits.ts';
import { lostSpansAreListed, marksAdvance, marksPassRows } from './checks/marks.ts';
import { heldTargetsAreReminded, openRowsAreNamed } from './checks/named-rows.ts';
import { owedIsSettled } from './checks/owed.ts';
import { keysHoldNothing } from './checks/privacy.ts';
import { repeatsAreExcused } from './checks/repeats.ts';
import { historyIsSeeded } from './checks/starts.ts';
import { failuresAreListed, finalStatesStay, rowsOutlivePlans, sentWasAccepted } from './checks/states.ts';
import { nothingIsToldFromBefore, onlyEventsAreTold } from './checks/told.ts';
import type { Write } from './ports/ledger-truth.ts';
import type { Published } from './ports/publisher-model.ts';
import type { Invariant } from './simulation-state.ts';
import type { World } from './world.ts';

export type { Invariant } from './simulation-state.ts';

/** What must hold in every history, whatever goes wrong in it, and what checks it. */
type Stated = {
  readonly says: string;
  /** After every write that took effect. */
  readonly atWrite?: readonly ((world: World, write: Write) => void)[];
  /** As every publish leaves. */
  readonly atPublish?: readonly ((world: World, one: Published) => void)[];
  /** When faults have stopped and all has had its time. */
  readonly atEnd?: readonly ((world: World) => void)[];
  /** Files of models and of the runner that check it where it happens. */
  readonly inPlace?: readonly string[];
};

export const INVARIANTS: Readonly<Record<Invariant, Stated>> = {
  I1: {
    says: 'Every alert that is owed was accepted with its message id recorded, or is suppressed with a reason, or is on the failed list.',
    atWrite: [sentWasAccepted, overBudgetGoesByEmail],
    atEnd: [owedIsSettled],
  },
  I2: {
    says: 'An alert is accepted once more than once only for each publish whose outcome was unknown or could not be recorded.',
    atWrite: [finalStatesStay],
    atEnd: [repeatsAreExcused, onlyEventsAreTold],
  },
  I3: { says: 'No mark moves back, and none moves past the present.', atWrite: [marksAdvance] },
  I4: {
    says: 'An app that does not fail is asked in every second tick at least, whatever other apps do.',
    atEnd: [healthyAppsAreAsked],
  },
  I5: {
    says: 'When faults have stopped, nothing is left open, held, leased, seeding or backfilling after the stated ticks.',
    atEnd: [allIsDrained],
  },
  I6: {
    says: 'Every message is one that SNS takes.',
    inPlace: ['ports/publisher-model.ts', 'wire/sns-wire.ts'],
  },
  I7: {
    says: 'No topic gets more messages in a second than an e-mail subscription survives, and no SMS leaves that was not reserved within its receiver’s limits.',
    atWrite: [budgetsHold],
    atPublish: [smsAreReserved, topicsArePaced],
  },
  I8: {
    says: 'No key, log line, reminder or failed entry holds a number, a text or an id of the source.',
    atWrite: [keysHoldNothing],
    inPlace: ['run-history.ts'],
  },
  I9: {
    says: 'Nothing is told that is dated before its rule started.',
    atEnd: [nothingIsToldFromBefore, historyIsSeeded],
  },
  I10: { says: 'A row outlives every plan that could read its event again.', atWrite: [rowsOutlivePlans] },
  S1: {
    says: 'A row with an open target is named in the open rows of its app.',
    atWrite: [openRowsAreNamed],
  },
  S2: {
    says: 'A held target has a reminder, or its row is named in the open rows of its app.',
    atWrite: [heldTargetsAreReminded],
  },
  S3: {
    says: 'A reminder sends nothing by itself: the row, read under this invocation, decides.',
    atPublish: [heldIsDue],
    inPlace: ['ports/publisher-model.ts'],
  },
  S4: {
    says: 'A mark passes an event only when the event has its row or needs none.',
    atWrite: [marksPassRows, lostSpansAreListed],
  },
  S5: {
    says: 'Open targets are published under the lease of their app, held ones under that of their target, and a lease outlives its holder.',
    atWrite: [leasesOutlive],
    atPublish: [publishesUnderLease],
  },
  S6: {
    says: 'What has failed is on the failed list before its row says so.',
    atWrite: [failuresAreListed],
  },
  S7: {
    says: 'No publish begins in the last seconds of an invocation, and none returns while its work is pending.',
    atPublish: [publishesLeaveTime],
    inPlace: ['run-history.ts'],
  },
  S8: {
    says: 'A cooldown keeps an alert quiet only within it of one that has a row and is not quiet; of two within it one is told.',
    atWrite: [quietIsToldByAnother],
    atEnd: [cooldownsTellOne],
  },
  S9: {
    says: 'What the ledger tells its callers is so: nothing that stands is left out, and nothing is called written, or lost, that is not.',
    inPlace: ['wire/witness.ts', 'wire/wire-parts.ts'],
  },
  S10: {
    says: 'What the source tells its callers is what was answered: a page is a whole list, and a wait is the one that was asked for.',
    inPlace: ['wire/port-witness.ts'],
  },
  S11: {
    says: 'One invocation tells a receiver of one rule no more alerts one by one than its share of a storm; the rest is held.',
    atPublish: [stormsAreShared],
  },
  S12: {
    says: 'An alert whose outcome was unknown three times is not published again.',
    atPublish: [unknownEnds],
  },
  S13: {
    says: 'Nothing is read of an app before its start, and those of its rules, are written.',
    inPlace: ['checks/starts.ts'],
  },
};

const STATED: readonly Stated[] = Object.values(INVARIANTS);
const AT_WRITE = STATED.flatMap(({ atWrite }) => atWrite ?? []);
const AT_PUBLISH = STATED.flatMap(({ atPublish }) => atPublish ?? []);
const AT_END = STATED.flatMap(({ atEnd }) => atEnd ?? []);

/** Checks what one write may have broken. */
export function checkWrite(world: World, write: Write): void {
  for (const check of AT_WRITE) check(world, write);
}

/** Checks a publish as it leaves. */
export function checkPublish(world: World, one: Published): void {
  for (const check of AT_PUBLISH) check(world, one);
}

/** Checks everything that must be so when faults have stopped and all has had its time. */
export function checkEnd(world: World): void {
  for (const check of AT_END) check(world);
}
