import { describe, expect, it } from 'vitest';
import { canonicalJson, readEventList, readRecord } from '../../lib/signals/wire-events.ts';

const FULL = {
  id: 'wamid.HBgL+/A==',
  app_id: '72822',
  ad_id: '23850000000000001',
  campaign_id: '23850000000000002',
  phone: '12025550143',
  type: 'conversation',
  type_id: '63c1aaaaaaaaaaaaaaaaaaaa',
  type_value: 'product ordered',
  date: '2022-10-23T18:54:35',
  conversation_id: 'x',
};

const read = (record: unknown) => readRecord(record, 'UTC').event;

describe('a record', () => {
  it('becomes an event with all its fields', () => {
    expect(read(FULL)).toEqual({
      id: 'wamid.HBgL+/A==',
      type: 'conversation',
      typeId: '63c1aaaaaaaaaaaaaaaaaaaa',
      typeValue: 'product ordered',
      occurredAtMs: Date.UTC(2022, 9, 23, 18, 54, 35),
      campaignId: '23850000000000002',
      adId: '23850000000000001',
      phone: '12025550143',
      canonical: '',
    });
  });

  it('keeps the whole of itself only where it has no id to be known by', () => {
    const { id: _, ...rest } = FULL;
    expect(read(rest)?.canonical).toBe(canonicalJson(rest));
    expect(read({ ...FULL, id: ' ' })?.canonical).toBe(canonicalJson({ ...FULL, id: ' ' }));
  });

  it.for([
    { name: 'null', value: null, is: undefined },
    { name: 'an empty string', value: '', is: undefined },
    { name: 'spaces', value: ' \n', is: undefined },
    { name: 'a list', value: ['x'], is: undefined },
    { name: 'an object', value: { x: 1 }, is: undefined },
    { name: 'a number', value: 12025550143, is: '12025550143' },
    { name: 'zero', value: 0, is: '0' },
    { name: 'a string with spaces around, as it is', value: ' x ', is: ' x ' },
  ])('takes $name in a text field for $is', ({ value, is }) => {
    const event = read({
      ...FULL,
      id: value,
      phone: value,
      ad_id: value,
      campaign_id: value,
      type_id: value,
    });
    expect(event).toMatchObject({ id: is, phone: is, adId: is, campaignId: is, typeId: is });
  });

  it.for([
    { name: 'a type nobody documented', record: { ...FULL, type: 'teleported' }, is: { type: 'teleported' } },
    { name: 'no type', record: { id: 'a' }, is: { type: 'unknown', id: 'a' } },
    { name: 'a type with spaces around', record: { type: ' converted ' }, is: { type: 'converted' } },
    { name: 'only a text', record: { type_value: 'hello' }, is: { typeValue: 'hello', type: 'unknown' } },
    { name: 'only a date', record: { date: '2022-10-23' }, is: { occurredAtMs: Date.UTC(2022, 9, 23) } },
    { name: 'a date that is none', record: { ...FULL, date: 'soon' }, is: { occurredAtMs: undefined } },
    {
      name: 'only a date that is none',
      record: { date: 'soon' },
      is: { occurredAtMs: undefined, type: 'unknown' },
    },
    {
      name: 'an epoch number as date',
      record: { date: 1795359845 },
      is: { occurredAtMs: 1_795_359_845_000 },
    },
    { name: 'a date of NaN', record: { ...FULL, date: Number.NaN }, is: { occurredAtMs: undefined } },
    {
      name: 'a text that is an object',
      record: { type_value: { title: 'yes' } },
      is: { typeValue: '{"title":"yes"}' },
    },
    {
      name: 'a text that is an empty object',
      record: { id: 'a', type_value: {} },
      is: { typeValue: undefined },
    },
    {
      name: 'a field named like the prototype',
      record: JSON.parse('{"__proto__":{"id":"x"},"type":"link"}'),
      is: { id: undefined, type: 'link' },
    },
  ])('is an event with $name', ({ record, is }) => {
    expect(read(record)).toMatchObject(is);
  });

  it.for([
    null,
    7,
    'text',
    true,
    [],
    [FULL],
    {},
    { app_id: '72822', phone: '12025550143' },
    { id: '', type: null, type_value: ' ', date: [] },
  ])('is only counted when it is %j', (record) => {
    expect(read(record)).toBeUndefined();
  });
});

describe('the fingerprint of a record', () => {
  it('is short and holds nothing of it, however long the record is', () => {
    const { fingerprint } = readRecord({ ...FULL, extra: 'x'.repeat(100_000) }, 'UTC');
    expect(fingerprint).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is the same whatever the order of its fields', () => {
    const turned = Object.fromEntries(Object.entries({ ...FULL, extra: { b: 1, a: [2] } }).reverse());
    expect(readRecord(turned, 'UTC').fingerprint).toBe(
      readRecord({ extra: { a: [2], b: 1 }, ...FULL }, 'UTC').fingerprint,
    );
  });

  it.for([
    { ...FULL, type: 'converted' },
    { ...FULL, extra: 1 },
    { ...FULL, phone: 12025550143 },
  ])('is another for %j', (record) => {
    expect(readRecord(record, 'UTC').fingerprint).not.toBe(readRecord(FULL, 'UTC').fingerprint);
  });

  it('ends somewhere in a record nested deeper than the stack goes', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 100_000; level++) deep = { deep };
    expect(readRecord({ id: 'a', deep }, 'UTC')).toMatchObject({ event: { id: 'a' } });
  });
});

describe('a body', () => {
  it.for([
    { name: 'numbers', total: 3, limit: 2, is: { totalCount: 3, limit: 2 } },
    { name: 'numbers as text', total: '3', limit: ' 2 ', is: { totalCount: 3, limit: 2 } },
    { name: 'zeros as the sample has them', total: 0, limit: 0, is: { totalCount: 0, limit: undefined } },
    { name: 'nothing', total: null, limit: undefined, is: { totalCount: undefined, limit: undefined } },
    { name: 'words', total: 'many', limit: '', is: { totalCount: undefined, limit: undefined } },
    { name: 'what is no count', total: -1, limit: 1.5, is: { totalCount: undefined, limit: undefined } },
    { name: 'an empty text', total: ' ', limit: '5', is: { totalCount: undefined, limit: 5 } },
    { name: 'objects', total: {}, limit: [], is: { totalCount: undefined, limit: undefined } },
  ])('gives hints from $name', ({ total, limit, is }) => {
    expect(readEventList({ data: [1], total_count: total, limit })).toEqual({
      kind: 'list',
      list: { records: [1], ...is },
    });
  });

  it('is a list though it mentions that there was no error', () => {
    const body = { data: [], error: null, errors: [], success: true, meta: { success: true } };
    expect(readEventList(body).kind).toBe('list');
  });
});
