import { isMap, isScalar, isSeq, type Pair } from 'yaml';
import type { Finding, Path, Position } from './mistake.ts';
import { bare, quoted } from './shown.ts';

/** The key as the plain value has it; undefined: a key that is no scalar, which a readable source does not hold. */
export function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return key.value === null ? '' : String(key.value);
}

/** Keys that are there twice or are no text: the plain value hides both. Aliases are looked at where they are defined. */
export function keyMistakes(node: unknown, positionOf: PositionOf, path: Path = []): readonly Finding[] {
  if (isSeq(node)) return node.items.flatMap((item, at) => keyMistakes(item, positionOf, [...path, at]));
  if (!isMap(node)) return [];

  const firsts = new Map<string, unknown>();
  return node.items.flatMap((pair) => {
    const key = keyText(pair.key);
    if (key === undefined) return [];

    const here = [...path, key];
    const own: Finding[] = [];
    if (firsts.has(key)) own.push(twice(key, positionOf(firsts.get(key))?.line, here));
    else firsts.set(key, pair.key);
    if (isScalar(pair.key) && typeof pair.key.value !== 'string') own.push(notAText(pair, here));
    return [
      ...own.map((finding) => ({ ...finding, position: positionOf(pair.key) })),
      ...keyMistakes(pair.value, positionOf, here),
    ];
  });
}

type PositionOf = (node: unknown) => Position | undefined;

function twice(key: string, firstLine: number | undefined, path: Path): Finding {
  return {
    path,
    at: 'key',
    expected: 'each key once',
    found: `${quoted(key)} again`,
    hint: `the first is on line ${firstLine ?? '?'}`,
  };
}

function notAText({ key }: Pair, path: Path): Finding {
  const spelled = isScalar(key) ? (key.source ?? '') : '';
  if (spelled === '') return { path, at: 'key', expected: 'a key before the colon', found: 'none' };
  return {
    path,
    at: 'key',
    expected: `a key in quotes (${quoted(spelled)})`,
    found: `${bare(spelled)} without them`,
  };
}
