import type { App, Rule } from './alert-config.ts';
import type { Event } from './event.ts';
import { compileKeywords, type KeywordEntry } from './keywords/matcher.ts';

export type Match = {
  readonly rule: Rule;
  /** The keyword that decided, as written in the file; undefined for a rule without keywords. */
  readonly keyword: string | undefined;
};

/** Every rule against one event of one app. */
export type Matcher = (app: App, event: Event) => readonly Match[];

type Entry = KeywordEntry & { readonly rule: Rule; readonly negative: boolean };

/** Compiles the rules once, so that matching an event is one pass over its text however many keywords there are. */
export function compileRules(rules: readonly Rule[]): Matcher {
  const entries: readonly Entry[] = rules.flatMap((rule) => [
    ...rule.when.keywords.map((keyword) => entryOf(rule, keyword, false)),
    ...rule.when.not.map((keyword) => entryOf(rule, keyword, true)),
  ]);
  const findKeywords = compileKeywords(entries);

  return (app, event) => {
    const found = new Map<Rule, string>();
    const vetoed = new Set<Rule>();
    for (const index of findKeywords(event.typeValue ?? '')) {
      const entry = entries[index];
      if (entry === undefined) continue;
      if (entry.negative) vetoed.add(entry.rule);
      else if (!found.has(entry.rule)) found.set(entry.rule, entry.keyword);
    }
    return rules
      .filter((rule) => !vetoed.has(rule) && narrowsTo(rule, app, event))
      .filter((rule) => rule.when.keywords.length === 0 || found.has(rule))
      .map((rule) => ({ rule, keyword: found.get(rule) }));
  };
}

/** The rules that can match an event of this app at all. */
export function rulesOf(app: App, rules: readonly Rule[]): readonly Rule[] {
  return rules.filter((rule) => allows(rule.when.apps, app.app));
}

function entryOf(rule: Rule, keyword: string, negative: boolean): Entry {
  return { keyword, match: rule.when.match, accents: rule.when.accents, rule, negative };
}

function narrowsTo({ when }: Rule, app: App, event: Event): boolean {
  return (
    allows(when.apps, app.app) &&
    allows(when.types, event.type) &&
    allows(when.campaigns, event.campaignId) &&
    allows(when.ads, event.adId)
  );
}

function allows(list: readonly string[], value: string | undefined): boolean {
  return list.length === 0 || list.some((allowed) => allowed === value);
}
