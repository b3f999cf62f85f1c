import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseAlerts } from '../../lib/config/load.ts';
import { formatMistakes } from '../../lib/config/mistake.ts';

const FILE = {
  version: 1,
  stack: { name: 'spot', region: 'eu-west-1' },
  timeZone: 'America/Sao_Paulo',
  signals: { baseUrl: 'https://api.example.com', timeZone: 'UTC', credentials: 'a/b' },
  lookback: { everyTick: '15m', hourly: '24h', daily: '7d' },
  apps: [
    { client: 'c-1', app: '7', name: 'Shop' },
    { client: 'c-2', app: '8', timeZone: 'UTC' },
  ],
  receivers: {
    ana: { phones: 'full', email: ['ana@example.com'], sms: { to: ['+12025550123'] } },
    bo: { timeZone: 'UTC', sms: ['+12025550124'] },
  },
  rules: {
    hello: {
      when: { keyword: ['hello', 'olá'], not: 'test', app: '7', since: '2026-11-01' },
      notify: ['ana'],
    },
    sold: { when: { type: 'converted', campaign: ['1'], ad: '2' }, notify: ['ana', 'bo'] },
  },
};

const TEXT = stringify(FILE);

const FRAGMENTS = [
  ':',
  ': ',
  '- ',
  '\n',
  '\n  ',
  '\t',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '&a ',
  '*a',
  '!x ',
  '? ',
  '| ',
  '> ',
  '#',
  ',',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '<<: ',
  '~',
  '-1',
  '.inf',
  '0x1f',
  '1e999',
  '__proto__: ',
  'constructor: ',
  'null',
  '\u0000',
  '\uFEFF',
  '\u202E',
  '\uD800',
  '\r',
  '\\',
  '@',
  '+',
  '2026-11-01',
  'ana',
  'rules',
  'app',
  'when',
];

/** TEXT after a few cuts, repetitions and insertions at any place. */
const mangled = fc
  .array(
    fc.record({
      from: fc.nat(TEXT.length),
      length: fc.nat(30),
      put: fc.oneof(
        fc.constantFrom(...FRAGMENTS),
        fc.string({ unit: 'binary', maxLength: 5 }),
        fc.constant(''),
      ),
      again: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((edits) =>
    edits.reduce((text, { from, length, put, again }) => {
      const cut = text.slice(from, from + length);
      return text.slice(0, from) + put + (again ? cut + cut : '') + text.slice(from + length);
    }, TEXT),
  );

/** Any value where a value stands: readable YAML whose meaning is off. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e300, '', ' ', '\u200d', '15', '2026-02-30', 'http://a', '+1', [], {}),
  fc.jsonValue({ maxDepth: 3 }),
);

type Step = readonly (string | number)[];

function placesOf(value: unknown, path: Step = []): readonly Step[] {
  if (typeof value !== 'object' || value === null) return [path];
  const steps = Array.isArray(value) ? value.map((item, at) => [at, item] as const) : Object.entries(value);
  return [path, ...steps.flatMap(([step, inner]) => placesOf(inner, [...path, step]))];
}

function replaced(value: unknown, [step, ...rest]: Step, put: unknown): unknown {
  if (step === undefined) return put;
  if (Array.isArray(value)) return value.map((item, at) => (at === step ? replaced(item, rest, put) : item));
  const entries = Object.entries(value ?? {});
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, key === step ? replaced(inner, rest, put) : inner]),
  );
}

const misread = fc
  .tuple(fc.constantFrom(...placesOf(FILE)), oddValue)
  .map(([path, put]) => stringify(replaced(FILE, path, put)));

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 30 }).map((parts) => parts.join('')),
);

function expectAnAnswer(text: string): void {
  const parsed = parseAlerts(text, 'f');
  if (parsed.kind === 'valid') return;

  const lines = text.split('\n');
  expect(parsed.mistakes.length).toBeGreaterThan(0);
  for (const { line, column, expected, found, path } of parsed.mistakes) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
    expect(expected).not.toMatch(/^$|undefined|invalid|\[object/i);
    expect(found).not.toMatch(/^$|^undefined|\[object/);
    expect(found.length + path.length).toBeLessThan(1_000);
  }
  expect(formatMistakes(parsed.mistakes)).not.toMatch(/[\p{Cc}--\n]/v);
  expect(formatMistakes(parsed.mistakes).split('\n')).toHaveLength(parsed.mistakes.length);
}

it('always answers any text with a config or with mistakes that have a place in it', () => {
  fc.assert(fc.property(anyText, expectAnAnswer), { numRuns: 600 });
});

it('always answers a mangled file with a config or with mistakes that have a place in it', () => {
  fc.assert(fc.property(mangled, expectAnAnswer), { numRuns: 400 });
});

it('always answers a file with any value in the place of another', () => {
  fc.assert(fc.property(misread, expectAnAnswer), { numRuns: 500 });
});

it('never lets one mistake hide another elsewhere', () => {
  const wrong = fc.constantFrom<readonly [Step, unknown]>(
    [['version'], 3],
    [['timeZone'], 'Mars/Base'],
    [['stack', 'name'], '-'],
    [['signals', 'baseUrl'], 'ftp://a'],
    [['lookback', 'everyTick'], 5],
    [['apps', 0, 'client'], 'a/b'],
    [['receivers', 'bo', 'sms'], ['12']],
    [
      ['rules', 'hello', 'when', 'keyword'],
      ['a', 'A'],
    ],
    [['rules', 'hello', 'notify'], ['nobody']],
    [['rules', 'sold', 'when', 'type'], 'convertd'],
  );
  const isDeeper = (deep: Step, path: Step): boolean => path.every((step, at) => deep[at] === step);
  fc.assert(
    fc.property(fc.uniqueArray(wrong, { selector: ([path]) => path.join('/'), minLength: 2 }), (wrongs) => {
      const file = wrongs.reduce<unknown>((value, [path, put]) => replaced(value, path, put), FILE);
      const parsed = parseAlerts(stringify(file), 'f');
      const said =
        parsed.kind === 'valid'
          ? []
          : parsed.mistakes.map(({ path }) => path.split(/[.[\]]+/).filter(Boolean));
      for (const [path] of wrongs) {
        expect(said.some((steps) => isDeeper(steps, path.map(String)))).toBe(true);
      }
      expect(said).toHaveLength(wrongs.length);
    }),
    { numRuns: 100 },
  );
});

it('never changes the hash with the order of keys', () => {
  const shuffled = (value: unknown, seed: number): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return Array.isArray(value) ? value.map((item) => shuffled(item, seed)) : value;
    }
    const rank = (key: string): number =>
      [...key].reduce((sum, char) => (sum * 31 + char.charCodeAt(0) + seed) % 9973, seed);
    const entries = Object.entries(value).toSorted(([a], [b]) => rank(a) - rank(b));
    return Object.fromEntries(entries.map(([key, inner]) => [key, shuffled(inner, seed)]));
  };
  const hashOf = (text: string): string => {
    const parsed = parseAlerts(text, 'f');
    return parsed.kind === 'valid' ? parsed.config.hash : formatMistakes(parsed.mistakes);
  };
  expect(hashOf(TEXT)).toMatch(/^[0-9a-f]{32}$/);
  fc.assert(
    fc.property(fc.nat(9972), (seed) => {
      expect(hashOf(stringify(shuffled(FILE, seed)))).toBe(hashOf(TEXT));
    }),
    { numRuns: 50 },
  );
});
