import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { CannotStartError } from './cannot-start.ts';

/** An append-only file of one JSON value a line; without a path, nothing is kept. */
export type JsonLines = {
  /** What earlier processes left, oldest first. */
  readonly loaded: readonly unknown[];
  /** Returns once the operating system has all values: a killed process loses none of them, a power cut may. */
  append(values: readonly unknown[]): void;
  close(): void;
};

/**
 * Opens the file, dropping a last line that a kill cut short, so that the next value starts on a line of its own.
 *
 * @throws CannotStartError naming file and line when any other line is not JSON.
 */
export function openJsonLines(path: string | undefined): JsonLines {
  if (path === undefined) return { loaded: [], append: () => undefined, close: () => undefined };

  mkdirSync(dirname(path), { recursive: true });
  const loaded = existsSync(path) ? load(path) : [];
  const file = openSync(path, 'a');
  return {
    loaded,
    append: (values) => {
      if (values.length > 0)
        appendFileSync(file, values.map((value) => `${JSON.stringify(value)}\n`).join(''));
    },
    close: () => closeSync(file),
  };
}

function load(path: string): readonly unknown[] {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) truncateSync(path, end);
  return bytes
    .subarray(0, end)
    .toString('utf8')
    .split('\n')
    .flatMap((line, index) => (line === '' ? [] : [parseLine(line, path, index + 1)]));
}

function parseLine(line: string, path: string, lineNumber: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new CannotStartError(damagedLine(path, lineNumber, 'is not JSON'), { cause });
  }
}

/** What to say of a line that cannot be used, and what helps. */
export function damagedLine(path: string | undefined, lineNumber: number, trouble: string): string {
  return `${path} line ${lineNumber} ${trouble}; mend or delete that line, or choose another --data folder`;
}
