import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import process from 'node:process';

export const ROOT = join(import.meta.dirname, '..', '..');

const OUTPUT_BYTES_MAX = 32 * 1024 * 1024;
const TAIL_LINES = 60;

export type CommandOptions = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
};

/** Runs a program to its end and returns what it wrote. @throws Error with the last lines of it. */
export function runCommand(file: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { cwd, env, timeoutMs } = options;
  return new Promise((resolve, reject) => {
    const settings = { cwd, env, timeout: timeoutMs, maxBuffer: OUTPUT_BYTES_MAX, encoding: 'utf8' } as const;
    const child = execFile(file, args, settings, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      if (error === null) return resolve(output);
      const why = error.killed
        ? `did not end within ${timeoutMs} ms`
        : `failed: ${error.message.split('\n')[0]}`;
      reject(new Error(`${[file, ...args].join(' ')} ${why}\n${tailOf(output)}`, { cause: error }));
    });
    child.stdin?.end();
  });
}

/** This process's environment without AWS settings; the Node that runs the tests comes first. */
export function environment(): Readonly<Record<string, string | undefined>> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  const path = [join(ROOT, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  return { ...Object.fromEntries(kept), PATH: path };
}

/** The last lines of a long text. */
export function tailOf(text: string): string {
  return text.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
}
