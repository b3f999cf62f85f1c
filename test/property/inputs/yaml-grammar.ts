import fc from 'fast-check';

const KEYS = [
  ...['version', 'stack', 'name', 'region', 'timeZone', 'signals', 'baseUrl', 'credentials', 'lookback'],
  ...[
    'apps',
    'client',
    'app',
    'receivers',
    'email',
    'sms',
    'to',
    'phones',
    'rules',
    'when',
    'keyword',
    'not',
  ],
  ...[
    'type',
    'since',
    'notify',
    'cooldown',
    'per',
    'maxPerHour',
    'monthlyBudgetUsd',
    'ana',
    'x',
    '"quoted"',
    "'single'",
    '1',
    '~',
    '__proto__',
    '<<',
    '? [a, b]',
  ],
];
const SCALARS = [
  ...[
    '1',
    'c-1',
    'eu-west-1',
    'UTC',
    '15m',
    '"+12025550123"',
    '+12025550123',
    'ana@example.com',
    'converted',
  ],
  ...['yes', 'true', 'null', '~', '', '0o17', '0x1f', '.nan', '-.inf', '1e999', '2026-11-01', '"a\\u00e9"'],
  ...["'it''s'", '"\\x"', '@a', '`a', '%a', '!x a', '!!int a', '!!binary aGk=', '&a b', '*a', '*b', '[*a]'],
  ...['{a: *a}', '[a, b]', '{to: [a]}', '[', '{', '# only a comment', '> folded', '|', '"open', "'open"],
];

/** Lines of a block, each with what it is indented by. */
type Lines = readonly string[];

const indented = (lines: Lines, by: string): Lines => lines.map((line) => by + line);
const scalar: fc.Arbitrary<Lines> = fc.constantFrom(...SCALARS).map((text) => [text]);
const indent = fc.constantFrom('  ', '  ', '  ', ' ', '    ', '', '\t');
const prefix = fc.constantFrom('', '', '', '', '&a ', '!x ', '!!map ');

/** Maps, lists and scalars within each other as blocks, mostly well-formed, with anchors, tags and odd indentation. */
const { block } = fc.letrec<{ block: Lines; map: Lines; list: Lines }>((tie) => ({
  block: fc.oneof({ maxDepth: 5, withCrossShrink: true }, scalar, tie('map'), tie('list')),
  map: fc
    .array(fc.tuple(fc.constantFrom(...KEYS), prefix, tie('block'), indent), { minLength: 1, maxLength: 4 })
    .map((pairs) =>
      pairs.flatMap(([key, before, value, by]) =>
        value.length === 1 ? [`${key}: ${before}${value[0]}`] : [`${key}: ${before}`, ...indented(value, by)],
      ),
    ),
  list: fc
    .array(fc.tuple(prefix, tie('block')), { minLength: 1, maxLength: 3 })
    .map((items) =>
      items.flatMap(([before, [first = '', ...rest]]) => [`- ${before}${first}`, ...indented(rest, '  ')]),
    ),
}));

const start = fc.constantFrom('', '', '', '\ufeff', '---\n', '%YAML 1.2\n---\n', '# a comment\n');
const lineEnd = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r');

/** What YAML can say, and what it almost can. */
export const grammatical: fc.Arbitrary<string> = fc
  .tuple(start, fc.oneof(block, block), lineEnd, fc.constantFrom('', '\n', '\n...\n', '\n---\na: 1\n'))
  .map(([before, lines, end, after]) => before + lines.join(end) + after);
