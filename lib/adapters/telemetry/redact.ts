/** Digit runs this long may be a phone number, in whatever script. */
const LONG_DIGITS = /\+?\p{Nd}[\p{Nd}\s().-]{5,}\p{Nd}/gu;
const BEARER = /\bbearer\s+\S+/gi;
/** Names and hashes of ours, which an operator needs as they are. */
const OUR_IDS: ReadonlySet<string> = new Set(['app', 'key']);
/** What is nested deeper is left out. */
const DEPTH_MAX = 8;

/** The last line of defence: callers pass no numbers or secrets, and what slips through is masked here. */
export function redact(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactFields(details, 0);
}

function redactFields(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' && OUR_IDS.has(name) ? value : redactValue(value, depth),
    ]),
  );
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.replace(BEARER, 'Bearer ***').replace(LONG_DIGITS, '***');
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return '…';
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  // What an error says is in no field that is listed.
  if (value instanceof Error) return redactValue(String(value), depth);
  return redactFields(value, depth + 1);
}
