import process from 'node:process';
import { parseArgs } from 'node:util';
import { writeRecord } from '../fixtures/record.ts';
import { type RunKind, runsOf } from '../fixtures/runs.ts';
import { FUZZES, runsFor } from './inputs/all.ts';
import type { FuzzReport } from './inputs/fuzz.ts';

/** What a recorded run tries, unless the environment says otherwise: some twenty minutes. */
const FULL: Readonly<Record<RunKind, number>> = { render: 1_000_000, body: 500_000, file: 100_000 };

const { values } = parseArgs({
  options: {
    /** Where the counts are written. */
    record: { type: 'string' },
    /** Tries the inputs of an earlier run again. */
    seed: { type: 'string' },
  },
});

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof RangeError)) throw error;
  print(error.message);
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const seed = values.seed === undefined ? undefined : Number(values.seed);
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    const found = JSON.stringify(values.seed);
    throw new RangeError(`--seed: expected a whole number, as a failure prints it, found ${found}`);
  }
  const reports: FuzzReport[] = [];
  for (const fuzz of FUZZES) {
    const report = await fuzz.run(runsFor(fuzz, runsOf(fuzz.kind, process.env, FULL)), seed);
    reports.push(report);
    print(`${String(report.runs).padStart(9)} ${String(report.judged).padStart(10)}  ${report.name}`);
    if (report.failure !== undefined) print(report.failure);
  }
  const failures = reports.flatMap(({ failure }) => failure ?? []);
  print(`${sum(reports, 'runs')} inputs, ${sum(reports, 'judged')} judged, ${failures.length} failures`);
  if (values.record !== undefined) {
    const counts = reports.map(({ name, runs, judged }) => ({ name, inputs: runs, judged }));
    writeRecord(values.record, { ...environment(), counts, failures });
  }
  return failures.length === 0 ? 0 : 1;
}

/** What the command does not show of how many inputs were asked for. */
function environment(): { readonly environment?: Readonly<Record<string, string | undefined>> } {
  const set = Object.entries(process.env).filter(([name]) => name.startsWith('FUZZ_RUNS_'));
  return set.length === 0 ? {} : { environment: Object.fromEntries(set) };
}

function sum(reports: readonly FuzzReport[], what: 'runs' | 'judged'): number {
  return reports.reduce((total, report) => total + report[what], 0);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
