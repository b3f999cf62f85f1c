import type { YAMLError } from 'yaml';
import { bare } from './shown.ts';

/** The two halves of a sentence about text that is no YAML, and what to do about it. */
export type SyntaxWords = { readonly expected: string; readonly found: string; readonly hint?: string };

/** Said wherever nesting ends what can be read. */
export const TOO_DEEP: SyntaxWords = {
  expected: 'lists and maps a few levels deep',
  found: 'levels without end',
};

const APOSTROPHE_HINT = "an apostrophe inside '…' is written twice (''), or use \"…\"";
const IN_DOUBLE_QUOTES = /"(?:\\.|[^"\\])*"/gu;
const APOSTROPHE_IN_SINGLE_QUOTES = /(?:^|[\s[{,:-])'(?:[^']|'')*\p{L}'\p{L}/u;

// A person's lines are shorter, and longer ones take these patterns too long.
const LINE_MAX = 1_000;

/** What the parser found, in words for the person who wrote the file; `line` is the one it stands on. */
export function syntaxWords(error: YAMLError, line: string): SyntaxWords {
  const words = wordsFor(error);
  return hasLooseApostrophe(line) ? { ...words, hint: APOSTROPHE_HINT } : words;
}

function hasLooseApostrophe(line: string): boolean {
  return line.length <= LINE_MAX && APOSTROPHE_IN_SINGLE_QUOTES.test(line.replaceAll(IN_DOUBLE_QUOTES, '""'));
}

function wordsFor({ code, message }: YAMLError): SyntaxWords {
  switch (code) {
    case 'TAB_AS_INDENT':
      return { expected: 'spaces as indentation', found: 'a tab' };
    case 'MULTIPLE_DOCS':
      return { expected: 'one document', found: 'the start of a second one' };
    case 'TAG_RESOLVE_FAILED':
      return { expected: 'a plain value', found: `a tag YAML does not define here (${bare(message)})` };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return { expected: 'quotes around a value that contains ": "', found: 'a second colon on the line' };
    case 'BAD_SCALAR_START':
      return { expected: 'quotes around a value that starts with @ or `', found: 'it without them' };
    case 'BAD_DQ_ESCAPE':
      return { expected: 'a backslash inside "…" to be written twice', found: 'a single one' };
    case 'RESOURCE_EXHAUSTION':
      return TOO_DEEP;
    default:
      return wordsForMessage(message);
  }
}

/** The parser has one code for many mistakes: only its message tells these apart. */
function wordsForMessage(message: string): SyntaxWords {
  const quote = /^Missing closing (["'])/.exec(message)?.[1];
  if (quote !== undefined) return { expected: `a closing ${quote} before here`, found: 'none' };
  if (/^Missing , .*sequence/.test(message)) {
    return { expected: 'a comma between two items of a list', found: 'none' };
  }
  if (/^Missing , .*map/.test(message)) {
    return { expected: 'a comma or a colon between two parts of a map', found: 'none' };
  }
  if (message.endsWith(' at node end')) return { expected: 'the value to end here', found: 'more after it' };
  return {
    expected: 'quotes, brackets and indentation that fit together',
    found: `a place where they do not (${bare(message)})`,
  };
}
