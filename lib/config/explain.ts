import type * as z from 'zod';
import { IN_QUOTES } from './fields.ts';
import type { Finding, Path } from './mistake.ts';
import { didYouMean } from './nearest.ts';
import { quoted } from './shown.ts';

type Issue = z.core.$ZodIssue;

/** Turns what the schema says of a file into findings; the messages of the schema are already in our words. */
export function explain(
  issues: readonly Issue[],
  spelling: (path: Path) => string | undefined,
): readonly Finding[] {
  return issues.flatMap((issue) => explainOne(issue, [], spelling));
}

function explainOne(
  issue: Issue,
  above: Path,
  spelling: (path: Path) => string | undefined,
): readonly Finding[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey(key, path, issue.message));
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.find((branch) => !branch.some(isOfWrongKind));
    if (meant !== undefined) return meant.flatMap((inner) => explainOne(inner, path, spelling));
  }
  const spelled = spelling(path);
  const expected =
    issue.message === IN_QUOTES && spelled !== undefined
      ? `${IN_QUOTES} (${quoted(spelled)})`
      : issue.message;
  return [{ path, at: 'value', expected, ...wordsOf(issue) }];
}

/** A branch that wants another kind of value altogether is not the one the writer had in mind. */
function isOfWrongKind(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

function unknownKey(key: string, path: Path, keys: string): Finding {
  return {
    path: [...path, key],
    at: 'key',
    expected: `one of the keys ${keys}`,
    found: `the unknown key ${quoted(key)}`,
    hint: didYouMean(key, keys.split(', ')),
  };
}

function wordsOf(issue: Issue): Pick<Finding, 'found' | 'hint'> {
  if (issue.code !== 'custom') return {};
  const { found, hint }: { found?: unknown; hint?: unknown } = issue.params ?? {};
  return {
    found: typeof found === 'string' ? found : undefined,
    hint: typeof hint === 'string' ? hint : undefined,
  };
}
