/**
 * Waits until all is done, then throws the first error there was. `Promise.all` would return at the first error while
 * the rest goes on: a lease would be let go of under work that still runs.
 *
 * @throws whatever the first rejection was.
 */
export async function allDone<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  const results = await Promise.allSettled(work);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
