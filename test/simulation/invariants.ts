/** What must hold in every history, whatever goes wrong in it. */
export const INVARIANTS = {
  I1: 'Every alert that is owed was accepted with its message id recorded, or is suppressed with a reason, or is on the failed list.',
  I2: 'An alert is accepted once more than once only for each publish whose outcome was unknown or could not be recorded.',
  I3: 'No mark moves back, and none moves past the present.',
  I4: 'An app that does not fail is asked in every second tick at least, whatever other apps do.',
  I5: 'When faults have stopped, nothing is left open, held, leased, seeding or backfilling after the stated ticks.',
  I6: 'Every message is one that SNS takes.',
  I7: 'No topic gets more messages in a second than an e-mail subscription survives, and no SMS leaves that was not reserved within its receiver’s limits.',
  I8: 'No log line, reminder or failed entry holds a number, a text or an id of the source.',
  I9: 'Nothing is told that is dated before its rule started.',
  I10: 'A row outlives every plan that could read its event again.',
  S1: 'A row with an open target is named in the open rows of its app.',
  S2: 'A held target has a reminder, or its row is named in the open rows of its app.',
  S3: 'A reminder sends nothing by itself: the row, read under this invocation, decides.',
  S4: 'A mark passes an event only when the event has its row or needs none.',
  S5: 'Open targets are published under the lease of their app, held ones under that of their target, and a lease outlives its holder.',
  S6: 'What has failed is on the failed list before its row says so.',
  S7: 'No publish begins in the last seconds of an invocation, and none returns while its work is pending.',
  S8: 'A cooldown keeps an alert quiet only within it of one that has a row and is not quiet; of two within it one is told.',
  S9: 'What the ledger tells its callers is so: nothing that stands is left out, and nothing is called written, or lost, that is not.',
  S10: 'What the source tells its callers is what was answered: a page is a whole list, and a wait is the one that was asked for.',
  S11: 'One invocation tells a receiver of one rule no more alerts one by one than its share of a storm; the rest is held.',
  S12: 'An alert whose outcome was unknown three times is not published again.',
  S13: 'Nothing is read of an app before its start, and those of its rules, are written.',
} as const;

export type Invariant = keyof typeof INVARIANTS;
