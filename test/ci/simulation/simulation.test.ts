import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, expect, it } from 'vitest';
import * as z from 'zod';
import { ALL_BUGS } from '../../simulation/bugs/all-bugs.ts';
import { CALL_KINDS } from '../../simulation/simulation-state.ts';
import { environment, ROOT, runCommand } from '../command.ts';

const MINUTE_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'simulation-'));
afterAll(() => rmSync(folder, { recursive: true }));

const counts = z.record(z.string(), z.number());
const promises = z.object({
  holds: z.literal(true),
  histories: z.number(),
  faults: counts,
  crashPoints: z.object({ stops: z.number(), broken: z.number(), byKind: counts, byScenario: counts }),
});
const trials = z.object({
  bugs: z.array(z.object({ name: z.string(), invariant: z.string(), histories: z.number().optional() })),
});

/** Runs the simulator, which must exit with 0, and returns what it recorded. */
async function simulate(name: string, args: readonly string[], timeoutMs: number): Promise<unknown> {
  const file = join(folder, `${name}.json`);
  const command = ['test/simulation/simulate.ts', ...args, '--workers', '2', '--record', file];
  await runCommand(process.execPath, command, { cwd: ROOT, env: environment(), timeoutMs });
  return JSON.parse(readFileSync(file, 'utf8'));
}

it('every promise holds in 25,000 histories and more, until each kind of fault has fired 1,000 times', {
  timeout: 15 * MINUTE_MS,
}, async () => {
  const args = ['--histories', '25000', '--until-faults', '1000', '--minutes', '10'];
  const { histories, faults, crashPoints } = promises.parse(await simulate('promises', args, 14 * MINUTE_MS));
  expect(histories).toBeGreaterThanOrEqual(25_000);
  expect(Object.keys(faults).length).toBeGreaterThanOrEqual(40);
  expect(Object.entries(faults).filter(([, times]) => times < 1_000)).toEqual([]);
  expect(crashPoints.broken).toBe(0);
  expect(Object.keys(crashPoints.byScenario).length).toBeGreaterThanOrEqual(32);
  expect(CALL_KINDS.filter((kind) => (crashPoints.byKind[kind] ?? 0) === 0)).toEqual([]);
});

it('every mistake put into the code is caught within 1,000 histories', {
  timeout: 15 * MINUTE_MS,
}, async () => {
  const { bugs } = trials.parse(await simulate('bugs', ['--bugs'], 14 * MINUTE_MS));
  expect(bugs.map(({ name }) => name)).toEqual(ALL_BUGS.map(({ name }) => name));
  expect(bugs.filter(({ histories }) => histories !== undefined && histories > 1_000)).toEqual([]);
});
