import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { isAlive } from '../local/data-directory.ts';
import { CannotDoError } from './cannot-do.ts';
import type { Place } from './world.ts';

const endpointsShape = z.object({
  pid: z.number(),
  /** Path of the alerts.yaml it runs. */
  config: z.string(),
  dynamodb: z.object({ url: z.string(), table: z.string() }),
  region: z.string(),
});

/** Where a running local run keeps its table, and the file it runs. */
export type LocalRun = { readonly config: string; readonly place: Place };

/**
 * Finds the local run that has this data folder.
 *
 * @throws CannotDoError when none has: its ports may be those of another run by now.
 */
export function readLocalRun(directory: string): LocalRun {
  const file = join(directory, 'endpoints.json');
  const start = `start it with: npm start -- --data ${directory}`;
  const parsed = endpointsShape.safeParse(readJson(file));
  if (!parsed.success) {
    throw new CannotDoError(
      `--local ${directory}: expected the data folder of a local run, but ${file} is missing or of another release; ${start}`,
    );
  }
  const { pid, config, dynamodb, region } = parsed.data;
  if (!isAlive(pid)) {
    throw new CannotDoError(
      `--local ${directory}: expected a running local run, but that one (process ${pid}) has ended; ${start}`,
    );
  }
  return { config, place: { tableName: dynamodb.table, region, url: dynamodb.url } };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
