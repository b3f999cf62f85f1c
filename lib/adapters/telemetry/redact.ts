/** Digit runs this long may be a phone number; ids of ours are hashes and names. */
const LONG_DIGITS = /\+?\d[\d\s().-]{5,}\d/g;
const BEARER = /\bbearer\s+\S+/gi;

/** The last line of defence: callers pass no numbers or secrets, and what slips through is masked here. */
export function redact(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replace(BEARER, 'Bearer ***').replace(LONG_DIGITS, '***') : value,
    ]),
  );
}
