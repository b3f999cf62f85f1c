import { distance } from 'fastest-levenshtein';
import { quoted } from './shown.ts';

const LENGTH_MAX = 80;

/** The candidate that `name` most likely is a slip of, letter case apart; undefined: none is close enough. */
export function nearest(
  name: string,
  candidates: Iterable<string>,
  slipsMax = slipsFor(name),
): string | undefined {
  // The distance takes time by the product of both lengths, and a long text is no slip of a name.
  if (name.length > LENGTH_MAX) return undefined;
  let best: string | undefined;
  let bestSlips = slipsMax + 1;
  for (const candidate of candidates) {
    const slips = distance(name.toLowerCase(), candidate.toLowerCase());
    if (slips >= bestSlips) continue;
    best = candidate;
    bestSlips = slips;
  }
  return best;
}

/** The hint that offers the nearest candidate; undefined when there is none. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const candidate = nearest(name, candidates);
  return candidate === undefined ? undefined : `did you mean ${quoted(candidate)}?`;
}

function slipsFor(name: string): number {
  if (name.length < 4) return 1;
  return name.length < 8 ? 2 : 3;
}
