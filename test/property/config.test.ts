import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseAlerts } from '../../lib/config/load.ts';
import { formatMistakes } from '../../lib/config/mistake.ts';
import { FILE, replaced, type Step, TEXT } from './inputs/valid-file.ts';

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
