import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import * as z from 'zod';
import { isAlive } from './data-directory.ts';

const endpointsShape = z.object({
  /** Of the process that runs the stack. */
  pid: z.number(),
  /** Absolute path of the alerts.yaml it runs. */
  config: z.string(),
  signals: z.object({
    url: z.string(),
    /** Of the fake API alone. */
    token: z.string().optional(),
  }),
  dynamodb: z.object({ url: z.string(), table: z.string() }),
  sns: z.object({ url: z.string() }),
  region: z.string(),
});

/** Where the parts of a local run are, for tools that want to look into it. Holds no secret but the fake's token. */
export type LocalEndpoints = Omit<z.output<typeof endpointsShape>, 'pid'>;

/** Tells tools where this process runs its parts. */
export function writeEndpoints(directory: string, endpoints: LocalEndpoints): void {
  const text = JSON.stringify({ pid: process.pid, ...endpoints }, undefined, 2);
  writeFileSync(fileIn(directory), `${text}\n`);
}

/** What the local run with this data folder told, and whether it runs still: if not, its ports may be another run's. */
export function readEndpoints(
  directory: string,
): { readonly endpoints: LocalEndpoints; readonly pid: number; readonly isRunning: boolean } | undefined {
  const parsed = endpointsShape.safeParse(readJson(fileIn(directory)));
  if (!parsed.success) return undefined;
  const { pid, ...endpoints } = parsed.data;
  return { endpoints, pid, isRunning: isAlive(pid) };
}

function fileIn(directory: string): string {
  return join(directory, 'endpoints.json');
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
