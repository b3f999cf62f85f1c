import { type Finding, formatPath } from './mistake.ts';
import type { Placed } from './raw.ts';
import { quoted } from './shown.ts';

/** A finding for every text that is the same as an earlier one; it names the first. */
export function repeats(
  texts: readonly Placed[],
  sameness: (text: string) => string,
  expected: string,
): readonly Finding[] {
  const firsts = new Map<string, Placed>();
  return texts.flatMap(({ text, path }): readonly Finding[] => {
    const key = sameness(text);
    const first = firsts.get(key);
    if (first === undefined) {
      firsts.set(key, { text, path });
      return [];
    }

    const found =
      first.text === text ? `${quoted(text)} again` : `${quoted(text)}, the same as ${quoted(first.text)}`;
    return [{ path, at: 'value', expected, found, hint: `the first is ${formatPath(first.path)}` }];
  });
}
