import { Settings } from 'luxon';
import { describe, expect, it } from 'vitest';
import { BOUND_WIDENING_MS, formatBounds, parseEventDate } from '../../lib/signals/dates.ts';

const at = (iso: string) => Date.parse(iso);

describe('dates of events', () => {
  it.for([
    { name: 'without zone, in UTC', text: '2022-10-23T18:54:35', zone: 'UTC', is: '2022-10-23T18:54:35Z' },
    {
      name: 'without zone, in the zone of the app',
      text: '2022-10-23T18:54:35',
      zone: 'Europe/Berlin',
      is: '2022-10-23T16:54:35Z',
    },
    {
      name: 'microseconds without zone',
      text: '2023-02-28T08:01:15.667000',
      zone: 'America/Sao_Paulo',
      is: '2023-02-28T11:01:15.667Z',
    },
    {
      name: 'Z, whatever the app says',
      text: '2023-02-28T08:01:15.667Z',
      zone: 'Asia/Tokyo',
      is: '2023-02-28T08:01:15.667Z',
    },
    {
      name: 'an offset with colon',
      text: '2022-12-01T00:05:08+01:00',
      zone: 'Asia/Tokyo',
      is: '2022-11-30T23:05:08Z',
    },
    {
      name: 'an offset without colon',
      text: '2022-12-01T00:05:08+0100',
      zone: 'Asia/Tokyo',
      is: '2022-11-30T23:05:08Z',
    },
    {
      name: 'a negative offset of hours',
      text: '2022-12-01T00:05:08-03',
      zone: 'UTC',
      is: '2022-12-01T03:05:08Z',
    },
    {
      name: 'microseconds with offset',
      text: '2022-12-01T00:05:08.000001+00:00',
      zone: 'Asia/Tokyo',
      is: '2022-12-01T00:05:08Z',
    },
    { name: 'a day alone', text: '2026-11-22', zone: 'Europe/Berlin', is: '2026-11-21T23:00:00Z' },
    { name: 'minutes without seconds', text: '2026-11-22T15:04', zone: 'UTC', is: '2026-11-22T15:04:00Z' },
    {
      name: 'a space for the T, and around',
      text: ' 2026-11-22 15:04:05 \n',
      zone: 'UTC',
      is: '2026-11-22T15:04:05Z',
    },
    {
      name: 'UTC as a word',
      text: '2026-11-22 15:04:05 UTC',
      zone: 'Asia/Tokyo',
      is: '2026-11-22T15:04:05Z',
    },
    { name: 'small letters', text: '2026-11-22t15:04:05z', zone: 'Asia/Tokyo', is: '2026-11-22T15:04:05Z' },
    {
      name: 'an HTTP date',
      text: 'Sun, 22 Nov 2026 15:04:05 GMT',
      zone: 'Asia/Tokyo',
      is: '2026-11-22T15:04:05Z',
    },
    { name: 'epoch seconds', text: '1795359845', zone: 'Asia/Tokyo', is: '2026-11-22T15:04:05Z' },
    {
      name: 'epoch seconds with a fraction',
      text: '1795359845.25',
      zone: 'UTC',
      is: '2026-11-22T15:04:05.250Z',
    },
    { name: 'epoch milliseconds', text: '1795359845667', zone: 'Asia/Tokyo', is: '2026-11-22T15:04:05.667Z' },
    { name: 'a leap day', text: '2028-02-29T00:00:00', zone: 'UTC', is: '2028-02-29T00:00:00Z' },
    {
      name: 'an hour that is skipped in spring',
      text: '2026-03-29T02:30:00',
      zone: 'Europe/Berlin',
      is: '2026-03-29T01:30:00Z',
    },
    {
      name: 'an hour that comes twice in autumn as the second',
      text: '2026-10-25T02:30:00',
      zone: 'Europe/Berlin',
      is: '2026-10-25T01:30:00Z',
    },
  ])('reads $name', ({ text, zone, is }) => {
    const readMs = parseEventDate(text, zone);
    expect(readMs === undefined ? undefined : new Date(readMs).toISOString()).toBe(
      new Date(is).toISOString(),
    );
  });

  it.for([
    '',
    ' ',
    'yesterday',
    'NaN',
    'null',
    '0000-00-00T00:00:00',
    '2026-02-30',
    '2026-13-01T00:00:00',
    '2026-11-22T25:00:00',
    '18:54',
    '2022',
    '2022-W42',
    '20',
    '7',
    '2026-11-22T15:04:05+99:99x',
    '2026-11-22Tnoon',
    '1e9',
    '-1795359845',
  ])('finds no date in %j', (text) => {
    expect(parseEventDate(text, 'UTC')).toBeUndefined();
  });

  it.for(['2026-01-15T12:00:00Z', '2026-07-15T12:00:00Z'])(
    'reads the hour that comes twice the same way when today is %s',
    (today) => {
      const { now } = Settings;
      Settings.now = () => at(today);
      try {
        expect(parseEventDate('2026-10-25T02:30:00', 'Europe/Berlin')).toBe(at('2026-10-25T01:30:00Z'));
      } finally {
        Settings.now = now;
      }
    },
  );

  it('finds no date under a zone that is none', () => {
    expect(parseEventDate('2026-11-22T15:04:05', 'Mars/Base')).toBeUndefined();
  });
});

describe('bounds of a window', () => {
  const window = { fromMs: at('2026-11-22T15:00:00Z'), untilMs: at('2026-11-22T15:10:00Z') };
  const nowMs = at('2026-11-22T15:09:00Z');

  it('are widened by two seconds at both ends', () => {
    expect(BOUND_WIDENING_MS).toBe(2000);
    expect(
      formatBounds(window, { timeZone: 'UTC', accepts: { future: true, timeOfDay: true } }, nowMs),
    ).toEqual({
      dateFrom: '2026-11-22T14:59:58',
      dateTo: '2026-11-22T15:10:02',
    });
  });

  it.for([
    {
      name: 'are written in the zone of the app',
      timeZone: 'America/Sao_Paulo',
      from: '2026-11-22T11:59:58',
      to: '2026-11-22T12:10:02',
    },
    {
      name: 'cross into another day of the zone',
      timeZone: 'Asia/Tokyo',
      from: '2026-11-22T23:59:58',
      to: '2026-11-23T00:10:02',
    },
  ])('$name', ({ timeZone, from, to }) => {
    expect(formatBounds(window, { timeZone, accepts: { future: true, timeOfDay: true } }, nowMs)).toEqual({
      dateFrom: from,
      dateTo: to,
    });
  });

  it('round outward to whole seconds', () => {
    const odd = { fromMs: window.fromMs + 999, untilMs: window.untilMs + 1 };
    expect(formatBounds(odd, { timeZone: 'UTC', accepts: { future: true, timeOfDay: true } }, nowMs)).toEqual(
      {
        dateFrom: '2026-11-22T14:59:58',
        dateTo: '2026-11-22T15:10:03',
      },
    );
  });

  it.for([
    { name: 'end now', untilMs: window.untilMs, from: '2026-11-22T14:59:58', to: '2026-11-22T15:09:00' },
    {
      name: 'end before now as they are',
      untilMs: at('2026-11-22T15:05:00Z'),
      from: '2026-11-22T14:59:58',
      to: '2026-11-22T15:05:02',
    },
    {
      name: 'are not widened beyond now',
      untilMs: nowMs - 1000,
      from: '2026-11-22T14:59:58',
      to: '2026-11-22T15:09:00',
    },
  ])('$name when the API refuses the future', ({ untilMs, from, to }) => {
    const style = { timeZone: 'UTC', accepts: { future: false, timeOfDay: true } };
    expect(formatBounds({ ...window, untilMs }, style, nowMs + 500)).toEqual({ dateFrom: from, dateTo: to });
  });

  it('begin no later than they end, even for a window in the refused future', () => {
    const style = { timeZone: 'UTC', accepts: { future: false, timeOfDay: true } };
    expect(formatBounds({ fromMs: nowMs + 60_000, untilMs: nowMs + 120_000 }, style, nowMs)).toEqual({
      dateFrom: '2026-11-22T15:09:00',
      dateTo: '2026-11-22T15:09:00',
    });
  });

  it.for([
    { name: 'the day after the last', timeZone: 'UTC', future: true, from: '2026-11-22', to: '2026-11-23' },
    { name: 'days of the zone', timeZone: 'Asia/Tokyo', future: true, from: '2026-11-22', to: '2026-11-24' },
    {
      name: 'today when the future is refused',
      timeZone: 'UTC',
      future: false,
      from: '2026-11-22',
      to: '2026-11-22',
    },
  ])('in whole days reach to $name', ({ timeZone, future, from, to }) => {
    const style = { timeZone, accepts: { future, timeOfDay: false } };
    expect(formatBounds(window, style, nowMs)).toEqual({ dateFrom: from, dateTo: to });
  });

  it('start a day earlier when two seconds before the window it was still yesterday', () => {
    const style = { timeZone: 'UTC', accepts: { future: true, timeOfDay: false } };
    const midnight = { fromMs: at('2026-11-22T00:00:01Z'), untilMs: window.untilMs };
    expect(formatBounds(midnight, style, nowMs).dateFrom).toBe('2026-11-21');
  });

  it('hold the hour that is written twice when clocks are set back inside the window', () => {
    const style = { timeZone: 'Europe/Berlin', accepts: { future: true, timeOfDay: true } };
    const twice = { fromMs: at('2026-10-25T00:50:02Z'), untilMs: at('2026-10-25T01:04:58Z') };
    expect(formatBounds(twice, style, nowMs)).toEqual({
      dateFrom: '2026-10-25T01:50:00',
      dateTo: '2026-10-25T03:05:00',
    });
  });

  it('are an error of ours when window or zone is none', () => {
    const style = { timeZone: 'UTC', accepts: { future: true, timeOfDay: true } };
    expect(() => formatBounds({ fromMs: Number.NaN, untilMs: 0 }, style, nowMs)).toThrow(RangeError);
    expect(() => formatBounds(window, { ...style, timeZone: 'Mars/Base' }, nowMs)).toThrow(RangeError);
  });
});
