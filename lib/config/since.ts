import { DateTime } from 'luxon';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})$/;

/** Epoch milliseconds of a date (midnight in `timeZone`) or of a date and time with its offset; undefined: neither. */
export function sinceMs(text: string, timeZone: string): number | undefined {
  if (!DAY.test(text) && !MOMENT.test(text)) return undefined;
  const moment = DateTime.fromISO(text.toUpperCase().replace(' ', 'T'), { zone: timeZone });
  return moment.isValid ? moment.toMillis() : undefined;
}
