import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

/** A local run as a child process, with all it has written so far. */
export type LocalProcess = {
  readonly child: ChildProcess;
  output(): string;
  /** Resolves with the exit code; null after a signal. */
  readonly exit: Promise<number | null>;
};

const ENTRY = ['lib/local/preflight.mjs', 'lib/local/start.ts'];

/** Starts what `npm start --` starts, with these arguments. */
export function startLocal(args: readonly string[], env: Record<string, string> = {}): LocalProcess {
  const child = spawn(process.execPath, [...ENTRY, ...args], {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      written += text;
    });
  }
  const exit = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return { child, output: () => written, exit };
}

/** Waits until `find` finds something. @throws Error with what was last seen when `timeoutMs` is over. */
export async function eventually<T>(
  find: () => T | undefined,
  timeoutMs: number,
  seen: () => string,
): Promise<T> {
  const endMs = Date.now() + timeoutMs;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (Date.now() > endMs) throw new Error(`not within ${timeoutMs} ms; seen so far:\n${seen()}`);
    await delay(50);
  }
}

/** A folder that is gone after the test. */
export function scratchFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'signals-alerts-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export type InboxLine = {
  /** ISO 8601, in UTC. */
  readonly at: string;
  readonly channel: string;
  readonly address: string;
  readonly body: string;
  readonly messageId: string;
};

/** What has been delivered in a data folder; a line that is being written is not read yet. */
export function readInbox(folder: string): readonly InboxLine[] {
  try {
    return readFileSync(join(folder, 'inbox.jsonl'), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as InboxLine);
  } catch {
    return [];
  }
}

/** The sample file with changes, written into `folder`. */
export function writeAlerts(folder: string, change: (sample: string) => string): string {
  const path = join(folder, 'alerts.yaml');
  writeFileSync(path, change(readFileSync('alerts.yaml', 'utf8')));
  return path;
}
