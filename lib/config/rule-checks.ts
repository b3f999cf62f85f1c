import { type Accents, normalise } from '../domain/keywords/normalise.ts';
import type { Finding, Path } from './mistake.ts';
import { formatPath } from './mistake.ts';
import { didYouMean, nearest } from './nearest.ts';
import { checkQuotes } from './quote-checks.ts';
import { at, entriesOf, itemsOf, type Placed, textsOf } from './raw.ts';
import { repeats } from './repeats.ts';
import { bare, listed, quoted } from './shown.ts';

const NARROWING = ['type', 'keyword', 'app', 'campaign', 'ad'];

const TYPES = [
  'button',
  'button_reply',
  'conversation',
  'converted',
  'engagement',
  'keyword',
  'link',
  'list',
  'list_reply',
];

/** Every rule of the file against itself and against the apps and receivers there are. */
export function checkRules(file: unknown): readonly Finding[] {
  const apps = new Set(itemsOf(at(file, 'apps')).flatMap(appIds));
  const receivers = new Set(entriesOf(at(file, 'receivers')).map(([name]) => name));
  return entriesOf(at(file, 'rules')).flatMap(([name, rule]) => {
    const path = ['rules', name];
    const when = at(rule, 'when');
    const notified = textsOf(itemsOf(at(rule, 'notify')), [...path, 'notify']);
    const wantedApps = textsOf(at(when, 'app'), [...path, 'when', 'app']);
    return [
      ...checkWhen(when, [...path, 'when']),
      ...checkNames(wantedApps, apps, 'an app'),
      ...checkNames(notified, receivers, 'a receiver'),
      ...repeats(notified, (text) => text, 'each receiver once'),
    ];
  });
}

/** An id without quotes is a mistake of its own, and none of the rules that name it. */
function appIds(entry: unknown): readonly string[] {
  const id = at(entry, 'app');
  return typeof id === 'string' || typeof id === 'number' ? [String(id)] : [];
}

/** Names that lead nowhere. Without a single name to lead to, it is the lack of them that is the mistake. */
function checkNames(names: readonly Placed[], known: ReadonlySet<string>, what: string): readonly Finding[] {
  if (known.size === 0) return [];
  const expected = `${what} (${listed([...known].map(bare))})`;
  return names
    .filter(({ text }) => !known.has(text))
    .map(({ text, path }) => ({ path, at: 'value', expected, hint: didYouMean(text, known) }));
}

function checkWhen(when: unknown, path: Path): readonly Finding[] {
  if (typeof when !== 'object' || when === null || Array.isArray(when)) return [];
  return [
    ...checkNarrows(when, path),
    ...['match', 'accents'].flatMap((key) => checkHasWords(when, key, path)),
    ...checkWords(when, path),
    ...textsOf(at(when, 'type'), [...path, 'type']).flatMap(checkType),
    ...['type', 'app', 'campaign', 'ad'].flatMap((key) =>
      repeats(textsOf(at(when, key), [...path, key]), (text) => text.trim(), `each ${key} once`),
    ),
  ];
}

function checkNarrows(when: object, path: Path): readonly Finding[] {
  if (NARROWING.some((key) => at(when, key) !== undefined)) return [];
  const hint = at(when, 'not') === undefined ? undefined : 'not only takes away from what they find';
  return [{ path, at: 'value', expected: `at least one of ${NARROWING.join(', ')}`, hint }];
}

function checkHasWords(when: object, key: string, path: Path): readonly Finding[] {
  if (at(when, key) === undefined) return [];
  if (at(when, 'keyword') !== undefined || at(when, 'not') !== undefined) return [];
  const expected = `${key} only beside keyword or not`;
  return [{ path: [...path, key], at: 'key', expected, found: 'neither' }];
}

function checkWords(when: object, path: Path): readonly Finding[] {
  const accents: Accents = at(when, 'accents') === 'exact' ? 'exact' : 'ignore';
  const same = (text: string): string => normalise(text, accents);
  const [wanted, unwanted] = ['keyword', 'not'].map((key) => {
    const texts = textsOf(at(when, key), [...path, key]);
    return {
      texts: texts.filter(({ text }) => same(text) !== ''),
      empty: texts.filter(({ text }) => same(text) === ''),
    };
  });
  if (wanted === undefined || unwanted === undefined) return [];

  const firstWanted = new Map(wanted.texts.toReversed().map((placed) => [same(placed.text), placed]));
  return [
    ...checkQuotes([...wanted.texts, ...unwanted.texts]),
    ...[...wanted.empty, ...unwanted.empty].map(
      ({ path: place }): Finding => ({
        path: place,
        at: 'value',
        expected: 'a word or phrase with letters, digits or signs',
      }),
    ),
    ...repeats(wanted.texts, same, 'each keyword once (case, accents and spacing apart)'),
    ...repeats(unwanted.texts, same, 'each phrase once (case, accents and spacing apart)'),
    ...unwanted.texts.flatMap(({ text, path: place }): readonly Finding[] => {
      const contradicted = firstWanted.get(same(text));
      if (contradicted === undefined) return [];
      const expected = 'something else than a keyword of the same rule';
      return [
        { path: place, at: 'value', expected, hint: `it is the same as ${formatPath(contradicted.path)}` },
      ];
    }),
  ];
}

function checkType({ text, path }: Placed): readonly Finding[] {
  const type = text.trim();
  if (type === '' || TYPES.includes(type)) return [];
  // Types nobody knows yet must pass: only what is nearly a known one is a slip.
  // What people call a conversion the API calls converted, however near conversation is.
  const meant = /^conversions?$/i.test(type) ? 'converted' : nearest(type, TYPES, 2);
  if (meant === undefined) return [];
  return [
    {
      path,
      at: 'value',
      expected: `an event type such as ${TYPES.join(', ')}`,
      hint: `did you mean ${quoted(meant)}?`,
    },
  ];
}
