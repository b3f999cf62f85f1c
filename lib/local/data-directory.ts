import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { CannotStartError, refusedPath } from './cannot-start.ts';

/** A folder that one local run holds for itself. */
export type DataDirectory = {
  readonly path: string;
  release(): void;
};

/**
 * Makes the folder and locks it with this process's id. The lock of a process that is gone, killed for instance, is
 * taken over.
 *
 * @throws CannotStartError naming who has it, or why nobody can.
 */
export function takeDataDirectory(path: string): DataDirectory {
  try {
    return lockDirectory(path);
  } catch (error) {
    throw refusedPath(error, path);
  }
}

function lockDirectory(path: string): DataDirectory {
  mkdirSync(path, { recursive: true });
  const lock = join(path, 'lock');
  for (;;) {
    try {
      writeFileSync(lock, `${process.pid}\n`, { flag: 'wx' });
      return { path, release: () => rmSync(lock, { force: true }) };
    } catch (error) {
      if (!isExisting(error)) throw error;
      const holder = readHolder(lock);
      if (holder !== undefined && isAlive(holder)) {
        throw new CannotStartError(
          `${path} is in use by process ${holder}; stop it, or choose another --data folder` +
            ` (if ${holder} is something else by now, delete ${lock})`,
        );
      }
      rmSync(lock, { force: true });
    }
  }
}

function readHolder(lock: string): number | undefined {
  try {
    const pid = Number(readFileSync(lock, 'utf8').trim());
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** A process of another user counts as alive; this very process does not: in a container ids come round again. */
export function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
