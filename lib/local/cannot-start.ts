import { resolve } from 'node:path';

/** Something that whoever started the run can mend; the message says what, in one sentence. */
export class CannotStartError extends Error {
  override readonly name = 'CannotStartError';
}

/** The error as one about `path`, when the file system refused it for a reason a person can see; else the error. */
export function refusedPath(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (!('path' in error) || !isAlong(resolve(String(error.path)), resolve(path))) return error;
  const reason = REASONS.get(String(error.code));
  return reason === undefined
    ? error
    : new CannotStartError(`--data ${path} cannot be used: ${reason}; choose another folder`, {
        cause: error,
      });
}

/** The folder itself, something in it, or a folder above that is to be made first. */
function isAlong(refused: string, folder: string): boolean {
  return refused.startsWith(folder) || folder.startsWith(refused);
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EEXIST', 'it is a file'],
  ['ENOTDIR', 'part of it is a file'],
  ['ENOENT', 'it cannot be made there'],
  ['EACCES', 'this user may not write there'],
  ['EPERM', 'this user may not write there'],
  ['EROFS', 'nothing can be written there'],
  ['ENOSPC', 'the disk is full'],
  ['EISDIR', 'a folder stands where a file belongs'],
  ['ERR_FS_EISDIR', 'a folder stands where a file belongs'],
]);
