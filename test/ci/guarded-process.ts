import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { closeServer, listenOnLoopback } from '../../lib/local/loopback-http.ts';
import { type CommandOptions, tailOf } from './command.ts';

// A process group that ends with the program, or when standard input closes - which it also does when the test
// process is killed. Nothing of the group outlives either.
const GUARD = `
trap : TERM
exec 3<&0
"$@" 3<&- &
pid=$!
( trap : TERM; read -r _ <&3; kill -TERM 0; sleep 5; kill -KILL 0 ) &
wait "$pid"; code=$?
wait "$pid" 2>/dev/null
echo "the program ended with code $code"
kill -KILL 0
`;

const STOP_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 2_000;

/** A server that cannot outlive this process. */
export type GuardedProcess = {
  /** The end of all it and its children wrote. */
  log(): string;
  /** Resolves when `isReady` says so of an answer. @throws Error with the log when it ends or takes too long. */
  answers(url: string, isReady: (status: number) => boolean, timeoutMs: number): Promise<void>;
  /** Whether the program, or its guard, has ended. */
  hasEnded(): boolean;
  /** Ends it with all its children. */
  stop(): Promise<void>;
  /** Kills it with all its children, at once and unasked. Returns when that was, once nothing of it is left. */
  kill(): Promise<number>;
};

/** Starts a program in a process group of its own that writes to `logFile`. */
export function startGuarded(
  command: readonly string[],
  { cwd, env }: Pick<CommandOptions, 'cwd' | 'env'>,
  logFile: string,
): GuardedProcess {
  const descriptor = openSync(logFile, 'w');
  // With a socket for its standard input, as Node gives it, bash would read the user's start-up file otherwise.
  const child = spawn('bash', ['--norc', '-c', GUARD, 'guard', ...command], {
    cwd,
    env: { ...env },
    detached: true,
    stdio: ['pipe', descriptor, descriptor],
  });
  closeSync(descriptor);
  let ended = false;
  const end = once(child, 'exit').then(() => {
    ended = true;
  });
  const log = () => tailOf(readFileSync(logFile, 'utf8'));

  const signalAll = (signal: 'SIGKILL' | 0): boolean => {
    try {
      return child.pid !== undefined && process.kill(-child.pid, signal);
    } catch {
      return false;
    }
  };

  return {
    log,
    hasEnded: () => ended,
    answers: async (url, isReady, timeoutMs) => {
      const untilMs = Date.now() + timeoutMs;
      while (!isReady(await statusOf(url))) {
        if (ended) throw new Error(`${command.join(' ')} ended by itself:\n${log()}`);
        if (Date.now() > untilMs) throw new Error(`no answer from ${url} within ${timeoutMs} ms:\n${log()}`);
        await delay(100);
      }
    },
    stop: async () => {
      child.stdin?.end();
      await Promise.race([end, delay(STOP_TIMEOUT_MS, undefined, { ref: false })]);
      if (!ended) signalAll('SIGKILL');
      await end;
    },
    kill: async () => {
      signalAll('SIGKILL');
      const killedMs = Date.now();
      await end;
      // Whoever inherits the dead may take a second or two to bury them.
      for (const untilMs = Date.now() + STOP_TIMEOUT_MS; signalAll(0); ) {
        if (Date.now() > untilMs) throw new Error(`something of ${command.join(' ')} outlives being killed`);
        await delay(10);
      }
      return killedMs;
    },
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnLoopback(server, 0);
  await closeServer(server);
  return port;
}

async function statusOf(url: string): Promise<number> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}
