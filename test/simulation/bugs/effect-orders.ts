import type { SeededBug } from './seeded-bug.ts';

/** Pairs of effects whose order a comment justifies, each the other way round. */
export const EFFECT_ORDERS: readonly SeededBug[] = [
  {
    name: 'claim-before-turn',
    what: 'Rows are claimed before the state of the app names them.',
    swaps: ['turn', 'claim'],
    file: 'lib/use-cases/app-turn.ts',
    find: '  let turn = await swapApp(tick, app, seen, leased(tick, state, keysOf(batch)));',
    replace:
      '  for (const { row } of batch) await tick.ports.ledger.rows.claim(row);\n  let turn = await swapApp(tick, app, seen, leased(tick, state, keysOf(batch)));',
    breaks: ['S1'],
  },
  {
    name: 'deliver-before-claim',
    what: 'An alert is published before its row is claimed.',
    swaps: ['claim', 'publish'],
    file: 'lib/use-cases/app-turn.ts',
    find: '  const claimed = await ledger.rows.claim(',
    replace: '  await deliverRow(tick, row);\n  const claimed = await ledger.rows.claim(',
    breaks: ['I1', 'S3', 'S5'],
  },
  {
    name: 'commit-before-deliver',
    what: 'The commit lets go of the rows, and of the lease, before they are delivered.',
    swaps: ['claim, publish and record', 'commit'],
    file: 'lib/use-cases/app-turn.ts',
    find: 'await cuttingLeaseOnError(tick, app, turn, () => claimAndDeliver(tick, batch));',
    replace:
      'const given = batch;\n    turn = await swapApp(tick, app, turn, released(work.commit(rest.slice(batch.length))));\n    await claimAndDeliver(tick, given);',
    breaks: ['S1', 'S4', 'S5'],
  },
  {
    name: 'release-before-finishing',
    what: 'What was taken over is let go of before it is finished.',
    swaps: ['finish open rows', 'release'],
    file: 'lib/use-cases/app-turn.ts',
    find: '  await cuttingLeaseOnError(tick, app, turn, () =>\n    workOn(state.open',
    replace:
      '  await swapApp(tick, app, turn, released(turn.value));\n  await cuttingLeaseOnError(tick, app, turn, () =>\n    workOn(state.open',
    breaks: ['S1'],
  },
  {
    name: 'record-before-publish',
    what: 'An alert is recorded as sent before it is published.',
    swaps: ['publish', 'record'],
    file: 'lib/use-cases/deliver-row.ts',
    find: '  const settled = Object.fromEntries(',
    replace:
      "  for (const [target] of open) await ledger.rows.record(row.key, { [target]: { is: 'sent', messageId: 'to come', atMs: 0, alertCount: 1 } }, undefined);\n  const settled = Object.fromEntries(",
    breaks: ['I1', 'I2'],
  },
  {
    name: 'record-before-failed-list',
    what: 'A row says that it failed before the failed list names it.',
    swaps: ['failed list', 'record'],
    file: 'lib/use-cases/deliver-row.ts',
    find: '    const { listed, error } = await listFailures(tick, row, settled);',
    replace:
      '    const early = expiryOf({ ...row, to }, tick.ports.clock.nowMs());\n    await persist(tick, () => ledger.rows.record(row.key, settled, early));\n    const { listed, error } = await listFailures(tick, row, settled);',
    breaks: ['S6'],
  },
  {
    name: 'error-before-record',
    what: 'A failure that could not be listed keeps what was sent to others from being recorded.',
    swaps: ['record of what was sent', 'error about the failed list'],
    file: 'lib/use-cases/deliver-row.ts',
    find: '    // What was sent is recorded even where a failure could not be listed.',
    replace: '    if (error !== undefined) throw error;',
    breaks: ['I2'],
  },
  {
    name: 'reminder-before-record',
    what: 'A reminder is put before its row says that it is held, and is cleared away as stale.',
    swaps: ['record', 'reminder'],
    file: 'lib/use-cases/deliver-row.ts',
    find: '    await persist(tick, () => ledger.rows.record(row.key, listed, expiresAtS));',
    replace:
      "    for (const [target, state] of entriesOf(to)) if (state.is === 'held') await ledger.held.put({ untilMs: state.untilMs, target, key: row.key });\n    await persist(tick, () => ledger.rows.record(row.key, listed, expiresAtS));\n    if (error === undefined) return;",
    breaks: ['S1', 'S2'],
  },
  {
    name: 'state-before-starts',
    what: 'The state of the app says that the starts of its rules are written before they are.',
    swaps: ['starts of rules', 'state that follows them'],
    file: 'lib/use-cases/find-alerts.ts',
    find: '  const swap = await ledger.ruleStarts.swap(app.key, known, starts);',
    replace:
      '  const early = await ledger.apps.swap(app.key, current, { ...withStarts(state, app, starts, rulesHashOf(rules), nowMs), writtenAtMs: nowMs });\n  await ledger.ruleStarts.swap(app.key, known, starts);\n  if (early) return early;\n  const swap = await ledger.ruleStarts.swap(app.key, known, starts);',
    breaks: ['I1', 'S4'],
  },
  {
    name: 'release-before-flush',
    what: 'The lease of a target is let go of before what is held for it is published.',
    swaps: ['flush', 'release of the target'],
    file: 'lib/use-cases/flush-held.ts',
    find: '  try {\n    notBeforeMs = await flushTarget',
    replace:
      '  await ledger.leases.swap(target, held, NO_LEASE);\n  try {\n    notBeforeMs = await flushTarget',
    breaks: ['S5'],
  },
  {
    name: 'old-reminder-goes-first',
    what: 'A stale reminder is removed before the one that takes its place is put.',
    swaps: ['new reminder', 'removal of the old one'],
    file: 'lib/use-cases/flush-target.ts',
    find: '    // Put anew before the old ones go: a crash in between must not leave a held row without a reminder.',
    replace: '    await removeAll(tick, items);',
    breaks: ['S2'],
  },
  {
    name: 'reminder-removed-before-record',
    what: 'The reminders of a row are removed before it says what became of it.',
    swaps: ['record of a flushed row', 'removal of its reminders'],
    file: 'lib/use-cases/flush-target.ts',
    find: '  const written = await persist(tick, () => ledger.rows.flush(',
    replace:
      '  await removeAll(tick, items);\n  const written = await persist(tick, () => ledger.rows.flush(',
    breaks: ['S2'],
  },
  {
    name: 'next-reminder-last',
    what: 'A row that is held on loses its old reminder before it has the new one.',
    swaps: ['reminder of a row held on', 'removal of the old one'],
    file: 'lib/use-cases/flush-target.ts',
    find: "  if (after.is === 'held') await",
    replace: "  await removeAll(tick, items);\n  if (after.is === 'held') await",
    breaks: ['S2'],
  },
  {
    name: 'flush-recorded-before-failed-list',
    what: 'A held row says that it failed before the failed list names it.',
    swaps: ['failed list', 'record of a flushed row'],
    file: 'lib/use-cases/flush-target.ts',
    find: '  const { error } = await listFailures(tick, row, { [target]: after });',
    replace:
      '  await ledger.rows.flush(row.key, target, after, undefined);\n  const { error } = await listFailures(tick, row, { [target]: after });',
    breaks: ['S6'],
  },
  {
    name: 'digest-recorded-before-publish',
    what: 'A digest is recorded as sent before it is published.',
    swaps: ['publish of what is held', 'record of a flushed row'],
    file: 'lib/use-cases/flush-target.ts',
    find: '    const attempt: Attempt = ofTheRest ?? (await send());',
    replace:
      "    await recordAll(tick, target, covered, () => ({ is: 'sent', messageId: 'to come', atMs: 0, alertCount: 1 }));\n    const attempt: Attempt = ofTheRest ?? (await send());",
    breaks: ['I1', 'I2'],
  },
  {
    name: 'reminder-removed-before-expiry',
    what: 'The last reminder of a settled row is removed before the row may go, and nobody comes back to it.',
    swaps: ['expiry of a settled row', 'removal of its reminders'],
    file: 'lib/use-cases/flush-target.ts',
    find: '  if (row !== undefined && row.expiresAtS === undefined) await expireIfSettled(tick, row);',
    replace:
      '  await removeAll(tick, items);\n  if (row !== undefined && row.expiresAtS === undefined) await expireIfSettled(tick, row);',
    breaks: ['I5'],
  },
  {
    name: 'read-before-app-start',
    what: 'A new app is read before its start is written.',
    swaps: ['start of an app', 'first read'],
    file: 'lib/use-cases/poll-app.ts',
    find: '  let current = loaded ?? (await startApp(tick, app, nowMs));',
    replace:
      '  const fresh = newAppState(app, nowMs);\n  const early = { pagesMax: 1, deadlineMs: nowMs + APP_DEADLINE_MS, nowMs };\n  if (!loaded) await readWindows(tick.ports, app, planReads(fresh, tick.rulebook.config.lookback, nowMs), fresh.accepts, early);\n  let current = loaded ?? (await startApp(tick, app, nowMs));',
    breaks: ['S13'],
  },
  {
    name: 'read-before-rule-starts',
    what: 'A new app is read before the starts of its rules are written.',
    swaps: ['starts of rules', 'first read under them'],
    file: 'lib/use-cases/poll-app.ts',
    find: "  const started = await underTheseRules(tick, app, rules, current, nowMs);\n  if (started === undefined) return outcome('leased', nowMs - current.value.watermarkMs);",
    replace:
      "  await readAndTake(tick, app, current, nowMs);\n  const started = await underTheseRules(tick, app, rules, current, nowMs);\n  if (started === undefined) return outcome('leased', nowMs - current.value.watermarkMs);",
    breaks: ['S13'],
  },
  {
    name: 'lost-span-after-mark',
    what: 'The mark passes a span that no plan will read before the failed list names it.',
    swaps: ['failed list about a lost span', 'commit'],
    file: 'lib/use-cases/poll-app.ts',
    find: '  await listLostSpan(tick, app, plan);\n',
    replace: '',
    also: {
      find: '  return {\n    kind: reading.failure',
      replace: '  await listLostSpan(tick, app, plan);\n  return {\n    kind: reading.failure',
    },
    scenario: 'polls that were down for more than 28 days',
    breaks: ['S4'],
  },
  {
    name: 'sms-before-reservation',
    what: 'An SMS is published before it is taken out of the budget.',
    swaps: ['reservation', 'publish of an SMS'],
    file: 'lib/use-cases/deliver-row.ts',
    find: '  const overLimit = await reserveSms(',
    replace:
      '  const early = await tick.sender(target, message, 1);\n  await reserveSms(tick, target, receiver, message, false);\n  if (early) return early;\n  const overLimit = await reserveSms(',
    breaks: ['I7'],
  },
  {
    name: 'digest-before-reservation',
    what: 'A digest by SMS is published before it is taken out of the budget.',
    swaps: ['reservation', 'publish of a digest by SMS'],
    file: 'lib/use-cases/flush-target.ts',
    find: '      const overLimit = await reserveSms(',
    replace:
      '      const early = await tick.sender(target, message, covers.length);\n      await reserveSms(tick, target, view, message, true);\n      if (early) return early;\n      const overLimit = await reserveSms(',
    breaks: ['I7'],
  },
  {
    name: 'cooldown-before-claim',
    what: 'A cooldown names an alert that has no row yet, and may never have one.',
    swaps: ['claim', 'cooldown'],
    file: 'lib/use-cases/app-turn.ts',
    find: '  const claimed = await ledger.rows.claim(',
    replace: '  await enterCooldown(tick, row);\n  const claimed = await ledger.rows.claim(',
    breaks: ['I1', 'S8'],
  },
  {
    name: 'publish-before-cooldown',
    what: 'An alert is published before its group is seen to be cooling down.',
    swaps: ['cooldown', 'publish'],
    file: 'lib/use-cases/app-turn.ts',
    find: '  return decideAgain(tick, await enterCooldown(tick, row));\n}\n\n/**\n * Works',
    replace:
      '  await deliverRow(tick, await decideAgain(tick, row));\n  await enterCooldown(tick, row);\n  return undefined;\n}\n\n/**\n * Works',
    breaks: ['I2', 'S8'],
  },
];
