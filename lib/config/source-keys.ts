import { isMap, isScalar, isSeq, type Pair } from 'yaml';
import type { Finding, Path, Position } from './mistake.ts';
import { bare, quoted } from './shown.ts';

/** The key as the plain value has it; undefined: a list or map as a key, which nothing here asks for. */
export function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return key.value === null ? '' : String(key.value);
}

/** Keys that are there twice or are no text: the plain value hides both. Aliases are looked at where they are defined. */
export function keyMistakes(node: unknown, positionOf: PositionOf, path: Path = []): readonly Finding[] {
  if (isSeq(node)) return node.items.flatMap((item, at) => keyMistakes(item, positionOf, [...path, at]));
  if (!isMap(node)) return [];

  const firstLines = new Map<string, number | undefined>();
  return node.items.flatMap((pair) => {
    const position = positionOf(pair.key);
    const key = keyText(pair.key);
    if (key === undefined) return [{ ...notAText(pair, path), position }];

    const isRepeated = firstLines.has(key);
    if (!isRepeated) firstLines.set(key, position?.line);
    const here = [...path, key];
    return [
      ...(isRepeated ? [{ ...twice(key, firstLines.get(key), here), position }] : []),
      ...(isScalar(pair.key) && typeof pair.key.value !== 'string'
        ? [{ ...notAText(pair, here), position }]
        : []),
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
  const spelled = isScalar(key) ? key.source : undefined;
  const expected = spelled === undefined ? 'a key that is text' : `a key in quotes (${quoted(spelled)})`;
  const found = spelled === undefined ? 'a list or map as a key' : `${bare(spelled)} without them`;
  return { path, at: 'key', expected, found };
}
