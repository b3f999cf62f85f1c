const QUARTER_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/**
 * How far the clocks of a zone are ahead of UTC at an instant: from the formatter of the platform, without the library
 * that the product asks. Clocks change on quarters of an hour.
 */
export function offsetMs(zone: string, atMs: number): number {
  const quarter = Math.floor(atMs / QUARTER_MS);
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const read = readOffsetMs(zone, quarter * QUARTER_MS);
  offsets.set(key, read);
  return read;
}

/** What the clocks of a zone show at an instant, as if it were UTC. */
export function wallMs(zone: string, atMs: number): number {
  return atMs + offsetMs(zone, atMs);
}

/**
 * The instant at which the clocks of a zone show this. Of an hour shown twice it is the second; an hour that is left out
 * is counted on from the clocks before it.
 */
export function instantOf(zone: string, shownMs: number): number {
  const before = offsetMs(zone, shownMs - DAY_MS);
  const after = offsetMs(zone, shownMs + DAY_MS);
  const instants = [shownMs - before, shownMs - after].filter((atMs) => wallMs(zone, atMs) === shownMs);
  return instants.length === 0 ? shownMs - before : Math.max(...instants);
}

function readOffsetMs(zone: string, atMs: number): number {
  const format = formats.get(zone) ?? newFormat(zone);
  formats.set(zone, format);
  const parts = Object.fromEntries(
    format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000;
}

function newFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-u-ca-iso8601', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}
