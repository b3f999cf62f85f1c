import { readFileSync } from 'node:fs';
import type { AlertConfig } from '../domain/alert-config.ts';
import { buildConfig } from './build.ts';
import { checkAcross } from './cross-checks.ts';
import { explain } from './explain.ts';
import { type Finding, formatPath, type Mistake } from './mistake.ts';
import { alertsFile } from './schema.ts';
import { concealed, shown } from './shown.ts';
import { readSource, type Source } from './source.ts';

/** A checked file, or every mistake in it from top to bottom. */
export type ParsedAlerts =
  | { readonly kind: 'valid'; readonly config: AlertConfig }
  | { readonly kind: 'invalid'; readonly mistakes: readonly Mistake[] };

/** Checks the text of an alerts.yaml; `file` is what mistakes call it. Pure and total. */
export function parseAlerts(text: string, file: string): ParsedAlerts {
  const read = readSource(text);
  if (read.kind === 'unreadable') {
    return {
      kind: 'invalid',
      mistakes: inOrder(read.mistakes.map((mistake) => ({ file, path: '', ...mistake }))),
    };
  }

  const { source } = read;
  const checked = alertsFile.safeParse(source.value);
  const findings = [
    ...source.findings,
    ...explain(checked.error?.issues ?? [], source.spelling),
    ...checkAcross(source.value),
  ];
  if (checked.success && findings.length === 0) return { kind: 'valid', config: buildConfig(checked.data) };
  return { kind: 'invalid', mistakes: inOrder(findings.map((finding) => mistakeOf(finding, source, file))) };
}

/** Reads and checks a file; one that cannot be read is a mistake like any other. */
export function loadAlerts(path: string): ParsedAlerts {
  const refused = (expected: string, found: string): ParsedAlerts => ({
    kind: 'invalid',
    mistakes: [{ file: path, line: 1, column: 1, path: '', expected, found }],
  });

  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return refused('a file that can be read', unreadableBecause(error));
  }
  try {
    return parseAlerts(new TextDecoder('utf-8', { fatal: true }).decode(bytes), path);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return refused('text in UTF-8', 'another encoding');
  }
}

function unreadableBecause(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error';
  if (code === 'ENOENT') return 'no such file';
  return code === 'EISDIR' ? 'a folder' : `a file that cannot be (${code})`;
}

function mistakeOf(finding: Finding, source: Source, file: string): Mistake {
  const { path, at, expected, hint } = finding;
  const { line, column } = finding.position ?? source.locate(path, at);
  const found = finding.found ?? foundAt(path, source);
  return {
    file,
    line,
    column,
    path: formatPath(path),
    expected,
    found,
    ...(hint === undefined ? {} : { hint }),
  };
}

function foundAt(path: Finding['path'], source: Source): string {
  const value = source.valueAt(path);
  // Whoever mistakes the name of the secret for the secret must not find it in a build log.
  return formatPath(path) === 'signals.credentials' ? concealed(value) : shown(value, source.spelling(path));
}

/** From top to bottom, and of several about the same place and key the first, which is the nearest to the cause. */
function inOrder(mistakes: readonly Mistake[]): readonly Mistake[] {
  const firsts = new Map<string, Mistake>();
  for (const mistake of mistakes) {
    const place = `${mistake.line}:${mistake.column}:${mistake.path}`;
    if (!firsts.has(place)) firsts.set(place, mistake);
  }
  return [...firsts.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}
