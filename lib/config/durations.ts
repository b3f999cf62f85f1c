import ms, { type StringValue } from 'ms';

/** A number and a unit: what `ms` takes beyond this is of no use in a file, such as signs and bare numbers. */
export const DURATION = /^\d{1,6}(\.\d{1,3})? ?[A-Za-z]{1,12}$/;

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** Milliseconds in a duration such as "15m", "24h" or "1.5 days"; undefined: it is none. */
export function durationMs(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  // The library's type lists every unit in every spelling; what it cannot read it answers with undefined.
  const millis: number | undefined = ms(text as StringValue);
  return millis === undefined ? undefined : Math.round(millis);
}

/** The same length in the largest unit that divides it: "26h", "7d". */
export function formatDuration(durationMs: number): string {
  const unit = UNITS.find(([, unitMs]) => durationMs % unitMs === 0);
  return unit === undefined ? `${durationMs}ms` : `${durationMs / unit[1]}${unit[0]}`;
}
