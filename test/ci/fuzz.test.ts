import process from 'node:process';
import { expect, it } from 'vitest';
import { environment, ROOT, runCommand } from './command.ts';

/** About a minute on one core; `npm run fuzz` tries some ten times as many. */
const COUNTS = { FUZZ_RUNS_RENDER: '80000', FUZZ_RUNS_BODY: '60000', FUZZ_RUNS_FILE: '16000' };
const TIMEOUT_MS = 300_000;

it('fuzzing finds nothing in more inputs than the tests of a change try', {
  timeout: TIMEOUT_MS,
}, async () => {
  const env = { ...environment(), ...COUNTS };
  const options = { cwd: ROOT, env, timeoutMs: TIMEOUT_MS };
  const output = await runCommand(process.execPath, ['test/property/fuzz.ts'], options);
  expect(output).toMatch(/^156000 inputs, \d+ judged, 0 failures$/m);
});
