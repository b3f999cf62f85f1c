import { IANAZone } from 'luxon';

const PLAIN = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(\.\d{1,9})?$/;
const DAY_MS = 86_400_000;
/** Days of a zone whose clocks are remembered. */
const DAYS_MAX = 1000;

const steadyOffsets = new Map<string, number | undefined>();

/**
 * Epoch milliseconds of `YYYY-MM-DDTHH:mm:ss`, as nearly all events come, on a day whose clocks are not changed.
 * Undefined: not that, and the long way has to be taken, which costs twenty times as much.
 */
export function parsePlainDate(text: string, timeZone: string): number | undefined {
  const [, day, fraction] = PLAIN.exec(text) ?? [];
  if (day === undefined) return undefined;
  const wallMs = Date.parse(`${text.slice(0, 19)}Z`);
  // The 30th of February is read as the 2nd of March.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString().slice(0, 19) !== text.slice(0, 19)) {
    return undefined;
  }
  const offsetMs = timeZone === 'UTC' ? 0 : steadyOffsetMs(day, timeZone);
  if (offsetMs === undefined) return undefined;
  return wallMs - offsetMs + (fraction === undefined ? 0 : Math.floor(Number(fraction) * 1000));
}

/** Undefined where the clocks are changed on that day, the one before or the one after. */
function steadyOffsetMs(day: string, timeZone: string): number | undefined {
  const key = `${timeZone} ${day}`;
  if (steadyOffsets.has(key)) return steadyOffsets.get(key);
  const offsetMs = readSteadyOffset(Date.parse(day), timeZone);
  if (steadyOffsets.size >= DAYS_MAX) steadyOffsets.clear();
  steadyOffsets.set(key, offsetMs);
  return offsetMs;
}

function readSteadyOffset(dayMs: number, timeZone: string): number | undefined {
  const zone = IANAZone.create(timeZone);
  if (!zone.isValid) return undefined;
  const offset = zone.offset(dayMs - DAY_MS);
  const isSteady = zone.offset(dayMs + DAY_MS / 2) === offset && zone.offset(dayMs + 2 * DAY_MS) === offset;
  return isSteady && Number.isFinite(offset) ? offset * 60_000 : undefined;
}
