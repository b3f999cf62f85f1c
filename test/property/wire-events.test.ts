import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJson } from '../../lib/signals/body.ts';
import { parseEventDate } from '../../lib/signals/dates.ts';
import { maskText } from '../../lib/signals/mask.ts';
import { canonicalJson, readEventList, readRecord } from '../../lib/signals/wire-events.ts';

const FIELDS = ['id', 'type', 'type_id', 'type_value', 'date', 'phone', 'ad_id', 'campaign_id', 'app_id'];
const IDENTIFYING = ['id', 'type', 'type_value', 'date'];
const plain = fc.record(Object.fromEntries(FIELDS.map((field) => [field, fc.string({ minLength: 1 })])));
const mutation = fc.dictionary(fc.oneof(fc.constantFrom(...FIELDS), fc.string()), fc.jsonValue());
const mutated = fc
  .tuple(plain, mutation, fc.subarray(FIELDS))
  .map(([record, changes, missing]) =>
    Object.fromEntries(
      Object.entries({ ...record, ...changes }).filter(([field]) => !missing.includes(field)),
    ),
  );

it('always gives one row for each record, whatever was done to it', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(mutated, fc.jsonValue()), { maxLength: 20 }), (records) => {
      const answer = readEventList({ data: records });
      if (answer.kind !== 'list') throw new Error('expected a list');
      const rows = answer.list.records.map((record) => readRecord(record, 'Europe/Berlin'));
      expect(rows).toHaveLength(records.length);
      const texts = records.map((record) => canonicalJson(record));
      expect(new Set(rows.map((row) => row.fingerprint)).size).toBe(new Set(texts).size);
    }),
    { numRuns: 500 },
  );
});

it('never loses an event because of what else its record holds', () => {
  fc.assert(
    fc.property(mutated, fc.constantFrom(...IDENTIFYING), (record, field) => {
      const { event } = readRecord({ ...record, [field]: 'x' }, 'UTC');
      expect(event).toBeDefined();
      if (event?.occurredAtMs !== undefined) expect(Number.isFinite(event.occurredAtMs)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

it('always gives the same fingerprint for the same record in another order, and never for another record', () => {
  fc.assert(
    fc.property(mutated, mutated, (record, another) => {
      const turned = Object.fromEntries(Object.entries(record).reverse());
      expect(canonicalJson(turned)).toBe(canonicalJson(record));
      expect(canonicalJson(another) === canonicalJson(record)).toBe(isSame(another, record));
      // JSON knows no negative zero.
      expect(JSON.parse(canonicalJson(record))).toEqual(JSON.parse(JSON.stringify(record)));
    }),
    { numRuns: 500 },
  );
});

it('always reads the usual form of a date as it reads the others, whatever the clocks do', () => {
  const zones = [
    'UTC',
    'America/Sao_Paulo',
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'No/Zone',
  ];
  const days = ['2026-03-29', '2026-10-25', '2026-04-05', '2026-10-04', '2011-12-30', '2018-11-04'];
  const digits = (most: number) => fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(2, '0'));
  const anyDay = fc.tuple(fc.integer({ min: 1990, max: 2040 }), digits(13), digits(32));
  const day = fc.oneof(
    fc.constantFrom(...days),
    anyDay.map((parts) => parts.join('-')),
  );
  const time = fc.tuple(digits(25), digits(60), digits(60)).map((parts) => parts.join(':'));
  const fraction = fc.constantFrom('', '.5', '.667000', '.999999999');
  fc.assert(
    fc.property(day, time, fraction, fc.constantFrom(...zones), (date, clock, rest, zone) => {
      // A space in place of the T takes the long way.
      const usual = parseEventDate(`${date}T${clock}${rest}`, zone);
      expect(usual).toBe(parseEventDate(`${date} ${clock}${rest}`, zone));
    }),
    { numRuns: 2000 },
  );
});

function isSame(one: unknown, other: unknown): boolean {
  try {
    expect(JSON.parse(JSON.stringify(one))).toEqual(JSON.parse(JSON.stringify(other)));
    return true;
  } catch {
    return false;
  }
}

it('never changes what JSON says, apart from integers too long for a number', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.bigInt({ min: 2n ** 53n }), (value, long) => {
      const text = JSON.stringify(value);
      const hasLong = /(?:^|[[,:])-?\d{16,}(?=[\],}]|$)/.test(text);
      fc.pre(!hasLong);
      expect(parseJson(text)).toEqual({ kind: 'json', value: JSON.parse(text) });
      expect(parseJson(`[${long}]`)).toEqual({ kind: 'json', value: [String(long)] });
    }),
    { numRuns: 500 },
  );
});

it('never throws for a date, and always gives a finite time or none', () => {
  const dateLike = fc.stringMatching(/^[0-9TZ:+. -]{0,30}$/);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        dateLike,
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      ),
      (text) => {
        expect(Number.isFinite(parseEventDate(text, 'Europe/Berlin') ?? 0)).toBe(true);
      },
    ),
    { numRuns: 1000 },
  );
});

it('never leaves a number of six or more digits, however it is broken up', () => {
  const separator = fc.constantFrom('', ' ', '-', '.', ') ', ' (');
  const digits = fc.array(fc.tuple(fc.constantFrom(...'0123456789'), separator), {
    minLength: 6,
    maxLength: 15,
  });
  fc.assert(
    fc.property(fc.string(), digits, fc.string(), (before, number, after) => {
      const written = number.map(([digit, gap]) => digit + gap).join('');
      const masked = maskText(`${before}|${written}|${after}`, undefined);
      expect(masked.replace(/\d{4}-\d\d-\d\d/g, '')).not.toMatch(/\d{6}/);
      expect(masked.replace(/[\s().-]/g, '').includes(written.replace(/\D/g, ''))).toBe(isDate(written));
    }),
    { numRuns: 500 },
  );
});

function isDate(text: string): boolean {
  return /^(?:19|20)\d\d-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])\W*$/.test(text);
}
