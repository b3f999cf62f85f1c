import { readEndpoints } from '../local/endpoints.ts';
import { CannotDoError } from './cannot-do.ts';
import type { Place } from './world.ts';

/** Where a running local run keeps its table, and the file it runs. */
export type LocalRun = { readonly config: string; readonly place: Place };

/**
 * Finds the local run that has this data folder.
 *
 * @throws CannotDoError when none has.
 */
export function findLocalRun(directory: string): LocalRun {
  const start = `start it with: npm start -- --data ${directory}`;
  const told = readEndpoints(directory);
  if (told === undefined) {
    throw new CannotDoError(
      `--local ${directory}: expected the data folder of a local run, found no endpoints.json of this release in it; ${start}`,
    );
  }
  if (!told.isRunning) {
    throw new CannotDoError(
      `--local ${directory}: expected a local run, but the one that had it (process ${told.pid}) has ended; ${start}`,
    );
  }
  const { config, dynamodb, region } = told.endpoints;
  return { config, place: { tableName: dynamodb.table, region, url: dynamodb.url } };
}
