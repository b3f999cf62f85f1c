import { DateTime } from 'luxon';

const DATE = /^\d{4}-\d\d-\d\d$/;
const DATE_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?$/;

/** What a written date covers: one instant, or a whole day; both ends belong to it. */
export type WrittenDate = { readonly firstMs: number; readonly lastMs: number };

/** Reads a date (a whole UTC day) or a date-time (without an offset: UTC); undefined for anything else. */
export function readDate(text: string): WrittenDate | undefined {
  const isDate = DATE.test(text);
  if (!isDate && !DATE_TIME.test(text)) return undefined;
  const read = DateTime.fromISO(text.replace(' ', 'T'), { zone: 'utc' });
  if (!read.isValid) return undefined;
  return { firstMs: read.toMillis(), lastMs: isDate ? read.endOf('day').toMillis() : read.toMillis() };
}

/** How an event's date may be written: mostly as in the documented sample, at times with fractions or an offset. */
export type DateSpelling = 'sample' | 'microseconds' | 'utc' | 'offset';

/** Writes an instant in one of the spellings; all but microseconds cut it to the second. */
export function writeDate(atMs: number, spelling: DateSpelling): string {
  const at = DateTime.fromMillis(atMs, { zone: 'utc' });
  switch (spelling) {
    case 'sample':
      return at.toFormat("yyyy-MM-dd'T'HH:mm:ss");
    case 'microseconds':
      return at.toFormat("yyyy-MM-dd'T'HH:mm:ss.SSS'000'");
    case 'utc':
      return at.toFormat("yyyy-MM-dd'T'HH:mm:ss'Z'");
    case 'offset':
      return at.setZone('UTC+1').toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
  }
}

/** The next whole second: a date cut to the second must not fall before what it follows. */
export function wholeSecondMs(atMs: number): number {
  return Math.ceil(atMs / 1_000) * 1_000;
}
