import type { AlertFacts } from '../ledger-row.ts';

/** The alerts of one rule and one app, by one of them. */
export type Group = { readonly count: number; readonly sample: AlertFacts };

export type Count = { readonly name: string; readonly count: number };

/** How many alerts there are of each rule and app. */
export function groupAlerts(alerts: readonly AlertFacts[]): readonly Group[] {
  const byKey = Map.groupBy(alerts, (facts) => `${facts.rule}\n${facts.app}`);
  return [...byKey.values()].flatMap((group) => {
    const [sample] = group;
    return sample === undefined ? [] : [{ count: group.length, sample }];
  });
}

/** Sums the counts of equal names; the largest first. */
export function sumByName(counts: readonly Count[]): readonly Count[] {
  const byName = Map.groupBy(counts, ({ name }) => name);
  return [...byName]
    .map(([name, same]) => ({ name, count: same.reduce((sum, { count }) => sum + count, 0) }))
    .sort((a, b) => b.count - a.count);
}

/** The first `shown` entries, and how many more there are, as in `a 9, b 3 and 2 more rules`. */
export function listCut(entries: readonly string[], shown: number, noun: string): string {
  const left = entries.length - shown;
  const list = entries.slice(0, shown).join(', ');
  if (left <= 0) return list;
  const rest = shown === 0 ? `${left} ${noun}` : `${left} more ${noun}`;
  const counted = left === 1 ? rest : `${rest}s`;
  return list === '' ? counted : `${list} and ${counted}`;
}

/** Earliest first; alerts without a time come last. Infinity and the like count as no time. */
export function byTime(a: AlertFacts, b: AlertFacts): number {
  const [left, right] = [timeOf(a), timeOf(b)];
  return left === right ? 0 : left - right;
}

function timeOf({ occurredAtMs }: AlertFacts): number {
  return occurredAtMs === undefined || Number.isNaN(occurredAtMs) ? Number.POSITIVE_INFINITY : occurredAtMs;
}
