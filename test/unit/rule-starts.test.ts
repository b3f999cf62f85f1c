import { describe, expect, it } from 'vitest';
import {
  type RuleStart,
  type RuleStarts,
  reconcileStarts,
  rulesHashOf,
  standingOf,
} from '../../lib/domain/rule-starts.ts';
import { rule } from '../fixtures/alert-config.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 22, 12);
const APP_START = NOW - 3 * DAY;
const MOMENT = {
  nowMs: NOW,
  stampMs: NOW,
  appStartMs: APP_START,
  bandMs: 0,
  watermarkMs: NOW - MINUTE,
  lookbackMs: 15 * MINUTE,
  backfillAtMs: undefined,
};
const ORDER = rule('order', ['sales'], { keywords: ['order'] });
const BUY = rule('order', ['sales'], { keywords: ['buy'] });

function known(rules: Parameters<typeof reconcileStarts>[1], changes: Partial<RuleStart> = {}): RuleStarts {
  const moment = { ...MOMENT, nowMs: APP_START, stampMs: APP_START, watermarkMs: APP_START };
  const starts = reconcileStarts(undefined, rules, moment);
  return Object.fromEntries(Object.entries(starts).map(([name, start]) => [name, { ...start, ...changes }]));
}

describe('since when a rule counts', () => {
  it('a new rule counts from the watermark', () => {
    expect(reconcileStarts(undefined, [ORDER], MOMENT)['order']).toMatchObject({
      fromMs: NOW - MINUTE,
      addedAtMs: NOW,
    });
  });

  it('an unchanged rule keeps its start, however often it is looked at', () => {
    const before = known([ORDER]);
    expect(reconcileStarts(before, [ORDER], MOMENT)).toEqual(before);
  });

  it('an edited rule counts from a lookback before the watermark', () => {
    expect(reconcileStarts(known([ORDER]), [BUY], MOMENT)['order']?.fromMs).toBe(NOW - 16 * MINUTE);
  });

  it('an edited rule reaches a lookback back although it was added a moment ago', () => {
    const before = known([ORDER], { fromMs: NOW - 5 * MINUTE });
    expect(reconcileStarts(before, [BUY], MOMENT)['order']?.fromMs).toBe(NOW - 16 * MINUTE);
  });

  it('an edited rule never counts from before the app started', () => {
    const moment = { ...MOMENT, appStartMs: NOW - 5 * MINUTE };
    const before = known([ORDER], { fromMs: NOW - 5 * MINUTE });
    expect(reconcileStarts(before, [BUY], moment)['order']?.fromMs).toBe(NOW - 5 * MINUTE);
  });

  it('changing who is notified changes nothing', () => {
    const before = known([ORDER]);
    expect(reconcileStarts(before, [{ ...ORDER, notify: ['owner'] }], MOMENT)).toEqual(before);
  });

  it.for([
    { name: 'a rule gone for nine minutes keeps its start', goneMs: 9 * MINUTE, fromMs: APP_START },
    { name: 'a rule gone for ten minutes starts anew', goneMs: 10 * MINUTE, fromMs: NOW - MINUTE },
  ])('$name', ({ goneMs, fromMs }) => {
    const gone = reconcileStarts(known([ORDER]), [], { ...MOMENT, nowMs: NOW - goneMs });
    expect(gone['order']?.goneAtMs).toBe(NOW - goneMs);
    const back = reconcileStarts(gone, [ORDER], MOMENT)['order'];
    expect(back).toMatchObject({ fromMs, goneAtMs: undefined });
  });

  it('a rule that stays away is remembered by when it left', () => {
    const gone = reconcileStarts(known([ORDER]), [], { ...MOMENT, nowMs: NOW - 2 * MINUTE });
    expect(reconcileStarts(gone, [], MOMENT)).toEqual(gone);
  });

  it('a rule that comes back counts as added, so that its past is read again, but not under an unknown zone', () => {
    const gone = reconcileStarts(known([ORDER]), [], { ...MOMENT, nowMs: NOW - MINUTE });
    const stamped = { ...MOMENT, stampMs: NOW + 5 };
    expect(reconcileStarts(gone, [ORDER], stamped)['order']?.addedAtMs).toBe(NOW + 5);
    const unknown = reconcileStarts(gone, [ORDER], { ...stamped, bandMs: 26 * HOUR });
    expect(unknown['order']?.addedAtMs).toBe(gone['order']?.addedAtMs);
  });

  it('a rule that comes back has read again what marks and a backfill passed without it, and no more', () => {
    const returned = (backfillAtMs: number | undefined) => {
      const leaving = { ...MOMENT, nowMs: NOW - 5 * MINUTE, backfillAtMs };
      const gone = reconcileStarts(known([ORDER]), [], leaving);
      return reconcileStarts(gone, [ORDER], { ...MOMENT, backfillAtMs: NOW })['order'];
    };
    expect(returned(undefined)).toMatchObject({ readFromMs: NOW - 20 * MINUTE, addedAtMs: NOW });
    expect(returned(NOW - 2 * DAY)).toMatchObject({ readFromMs: NOW - 2 * DAY });
    expect(returned(NOW - 9 * DAY)).toMatchObject({ readFromMs: APP_START });
  });

  it('since reaches into the past, at most 28 days', () => {
    const week = { ...ORDER, when: { ...ORDER.when, sinceMs: NOW - 7 * DAY } };
    expect(reconcileStarts(undefined, [week], MOMENT)['order']?.fromMs).toBe(NOW - 7 * DAY);
    const ages = { ...ORDER, when: { ...ORDER.when, sinceMs: NOW - 99 * DAY } };
    expect(reconcileStarts(undefined, [ages], MOMENT)['order']?.fromMs).toBe(NOW - 28 * DAY);
    const future = { ...ORDER, when: { ...ORDER.when, sinceMs: NOW + DAY } };
    expect(reconcileStarts(undefined, [future], MOMENT)['order']?.fromMs).toBe(NOW - MINUTE);
  });

  it('the hash of the rules does not depend on their order, but on their conditions', () => {
    const other = rule('other', ['sales']);
    expect(rulesHashOf([ORDER, other])).toBe(rulesHashOf([other, ORDER]));
    expect(rulesHashOf([ORDER])).not.toBe(rulesHashOf([BUY]));
  });
});

describe('where an event stands to the start of a rule', () => {
  const start: RuleStart = {
    whenHash: '',
    fromMs: NOW - HOUR,
    readFromMs: NOW - HOUR,
    addedAtMs: NOW,
    goneAtMs: undefined,
  };
  const seeding = { sinceMs: NOW, atMs: NOW - 27 * HOUR, untilMs: NOW + 26 * HOUR };
  const set = { bandMs: 0, nowMs: NOW };
  const unset = { bandMs: 26 * HOUR, nowMs: NOW };
  const at = (occurredAtMs: number | undefined) => ({ occurredAtMs });

  it.for([
    { name: 'before the start: history', event: at(NOW - HOUR - 1), context: set, is: 'history' },
    { name: 'at the start: new', event: at(NOW - HOUR), context: set, is: 'new' },
    {
      name: 'older than any plan reads: history',
      event: at(NOW - 28 * DAY - 1),
      fromMs: NOW - 40 * DAY,
      context: unset,
      is: 'history',
    },
    {
      name: 'as old as a plan reads: new',
      event: at(NOW - 28 * DAY),
      fromMs: NOW - 40 * DAY,
      context: unset,
      is: 'new',
    },
    { name: 'at the start while seeding: new', event: at(NOW - HOUR), context: unset, seeding, is: 'new' },
    { name: 'now while seeding: new', event: at(NOW), context: unset, seeding, is: 'new' },
    {
      name: 'where the seeding is: a seed',
      event: at(NOW - 20 * HOUR),
      context: unset,
      seeding: { ...seeding, atMs: NOW - 20 * HOUR },
      is: 'seed',
    },
    {
      name: 'beyond where the seeding ends: new',
      event: at(NOW + 26 * HOUR),
      context: unset,
      seeding,
      is: 'new',
    },
    { name: 'undated: new', event: at(undefined), context: set, is: 'new' },
    {
      name: 'in the band of an unknown zone: new once seeded',
      event: at(NOW - 20 * HOUR),
      context: unset,
      is: 'new',
    },
    { name: 'before the band: history', event: at(NOW - 27 * HOUR - 1), context: unset, is: 'history' },
    {
      name: 'in the band while seeding: a seed',
      event: at(NOW - 20 * HOUR),
      context: unset,
      seeding,
      is: 'seed',
    },
    { name: 'in the future while seeding: a seed', event: at(NOW + 1), context: unset, seeding, is: 'seed' },
    {
      name: 'after the start while seeding: new',
      event: at(NOW - MINUTE),
      context: unset,
      seeding,
      is: 'new',
    },
    { name: 'undated while seeding: a seed', event: at(undefined), context: unset, seeding, is: 'seed' },
    {
      name: 'where the seeding has already been: new',
      event: at(NOW - 20 * HOUR),
      context: unset,
      seeding: { ...seeding, atMs: NOW - 10 * HOUR },
      is: 'new',
    },
    {
      name: 'a seeding that began after the rule was added does not concern it',
      event: at(NOW - 20 * HOUR),
      context: unset,
      seeding: { ...seeding, sinceMs: NOW + 1 },
      is: 'new',
    },
  ])('$name', ({ event, fromMs = start.fromMs, context, seeding: current, is }) => {
    expect(standingOf(event, { ...start, fromMs }, current, context)).toBe(is);
  });

  it('a rule without a start matches nothing', () => {
    expect(standingOf(at(NOW), undefined, undefined, set)).toBe('history');
  });
});
