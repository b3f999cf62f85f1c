import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { loadAlerts, type ParsedAlerts, parseAlerts } from '../../../lib/config/load.ts';
import { formatMistakes, type Mistake } from '../../../lib/config/mistake.ts';
import { anyText } from './any-text.ts';
import { fuzz, type Judgement } from './fuzz.ts';
import { FILE, placesOf, replaced, TEXT } from './valid-file.ts';
import { grammatical } from './yaml-grammar.ts';

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
  '\uFFFE',
  '\u0085',
  '\u2028',
  '!!binary ',
  '!!set ',
  '&a [*a]',
  '<<: *a',
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

/** The valid file after a few cuts, repetitions and insertions at any place. */
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
  anyText,
);
const misread = fc
  .tuple(fc.constantFrom(...placesOf(FILE)), oddValue)
  .map(([path, put]) => stringify(replaced(FILE, path, put)));

const loose = fc.oneof(
  anyText,
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 30 }).map((parts) => parts.join('')),
);

/** A person can find each mistake, and read what was expected and found there on one line. */
function judge(parsed: ParsedAlerts, text: string): Judgement {
  if (parsed.kind === 'valid') return { judged: 1, mistakes: [] };
  const lines = text.split('\n');
  const shown = formatMistakes(parsed.mistakes);
  const mistakes = [
    ...(parsed.mistakes.length === 0 ? ['neither a config nor a mistake'] : []),
    ...parsed.mistakes.flatMap((mistake) => misplaced(mistake, lines)),
    ...parsed.mistakes.flatMap(illWorded),
    ...(/[[\p{Cc}\p{Cs}\p{Bidi_Control}]--\n]/v.test(shown) ? ['a message that is not safe to show'] : []),
    ...(shown.split('\n').length > parsed.mistakes.length ? ['a message on two lines'] : []),
  ];
  return { judged: 1, mistakes };
}

function misplaced({ line, column }: Mistake, lines: readonly string[]): readonly string[] {
  const at = lines[line - 1];
  const isThere = Number.isInteger(line) && Number.isInteger(column) && at !== undefined;
  return isThere && column >= 1 && column <= at.length + 1 ? [] : [`no such place: ${line}:${column}`];
}

function illWorded({ expected, found, path }: Mistake): readonly string[] {
  return [
    ...(/^$|undefined|invalid|\[object/i.test(expected) ? [`expected ${expected}`] : []),
    ...(/^$|^undefined|\[object/.test(found) ? [`found ${found}`] : []),
    ...(found.length + path.length < 1_000 ? [] : ['a message too long to read']),
  ];
}

const judgeText = (text: string): Judgement => judge(parseAlerts(text, 'f'), text);

const folder = mkdtempSync(join(tmpdir(), 'signals-alerts-fuzz-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** As a file on a disk, which need not be text. */
function judgeBytes(bytes: Uint8Array): Judgement {
  const path = join(folder, 'alerts.yaml');
  writeFileSync(path, bytes);
  return judge(loadAlerts(path), new TextDecoder().decode(bytes));
}

const ANSWERED = 'is a config, or mistakes that have a place in it';

export const FILES = [
  fuzz('file', 0.2, `any text ${ANSWERED}`, loose, judgeText),
  fuzz('file', 0.25, `a valid file, mangled, ${ANSWERED}`, mangled, judgeText),
  fuzz('file', 0.2, `a file with any value in the place of another ${ANSWERED}`, misread, judgeText),
  fuzz('file', 0.25, `anything that YAML can say ${ANSWERED}`, grammatical, judgeText),
  fuzz('file', 0.1, `any bytes as a file ${ANSWERED}`, fc.uint8Array({ maxLength: 200 }), judgeBytes),
];
