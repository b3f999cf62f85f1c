import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { ALL_BUGS } from './bugs/all-bugs.ts';
import { withBug } from './bugs/seeded-bug.ts';
import { crashEverywhere } from './crash-points.ts';
import { drawHistory } from './draw-history.ts';
import { drawnIn } from './drawn.ts';
import { FAULT_KINDS, type FaultKind } from './faults.ts';
import { INVARIANTS } from './invariants.ts';
import { type Outcome, runHistory } from './run-history.ts';
import { isolation } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import { CALL_KINDS, type CallKind, type Violation } from './simulation-state.ts';

const HISTORIES = 300;

/** What a reader needs to see it again: `npm run simulate -- --seed <seed> --histories 1`. */
function told(violation: Violation | undefined, seed: number): string | undefined {
  return (
    violation &&
    `seed ${seed}: ${violation.invariant} ${INVARIANTS[violation.invariant].says} ${violation.detail}`
  );
}

describe('random histories', () => {
  it(`every promise holds in ${HISTORIES} histories, and every kind of fault occurs in them`, {
    timeout: 60_000,
  }, async () => {
    const fired = new Map<FaultKind, number>();
    let owed = 0;
    for (let seed = 1; seed <= HISTORIES; seed += 1) {
      const history = drawHistory(seed);
      const outcome = await runHistory(history);
      expect(told(outcome.violation, seed)).toBeUndefined();
      owed += outcome.owed;
      for (const [kind, count] of [...outcome.fired, ...drawnIn(history)]) {
        fired.set(kind, (fired.get(kind) ?? 0) + count);
      }
    }
    expect(owed).toBeGreaterThan(HISTORIES * 4);
    // Few of them run through the adapters: what goes wrong there is counted where more are run.
    const atPorts = FAULT_KINDS.filter((kind) => !kind.startsWith('wire-'));
    expect(atPorts.filter((kind) => (fired.get(kind) ?? 0) === 0)).toEqual([]);
  });

  it('the same seed always gives the same history, call by call', async () => {
    const once = await runHistory(drawHistory(17));
    const again = await runHistory(drawHistory(17));
    expect(again.trace).toBe(once.trace);
    expect((await runHistory(drawHistory(18))).trace).not.toBe(once.trace);
  });

  it('neither the zone of the machine nor the number of threads changes anything', {
    timeout: 60_000,
  }, () => {
    const args = ['--seed', '5', '--histories', '4', '--hash'];
    const { stdout } = simulate([...args, '--workers', '2'], 'America/Sao_Paulo');
    expect(stdout.trim().split('\n')).toHaveLength(4);
    expect(stdout).toBe(simulate(args, 'UTC').stdout);
  });
});

describe('the command line', () => {
  it('a wrong one is told so, with exit code 2', () => {
    const { status, stderr } = simulate(['--histories', 'many']);
    expect(status).toBe(2);
    expect(stderr).toContain('expected a whole number from 0 on');
  });
});

describe('mistakes put into the code', () => {
  it.for(ALL_BUGS.map((bug) => ({ name: bug.name, bug })))('$name fits the code', ({ bug }) => {
    expect(() => withBug(readFileSync(bug.file, 'utf8'), bug)).not.toThrow();
    expect(bug.what).toMatch(/^[A-Z].*\.$/);
  });

  it('no two have one name', () => {
    expect(new Set(ALL_BUGS.map(({ name }) => name)).size).toBe(ALL_BUGS.length);
  });

  it.for(['record-before-publish', 'marks-before-rows', 'naive-paging'])(
    '%s breaks a history, which is shown as small as it can be',
    { timeout: 120_000 },
    (name) => {
      const { status, stdout } = simulate(['--bug', name, '--histories', '100']);
      expect(status).toBe(1);
      const [, seed, invariant] = /^seed (\d+) breaks ([IS]\d+): [A-Z].*\.$/m.exec(stdout) ?? [];
      expect(ALL_BUGS.find((bug) => bug.name === name)?.breaks).toContain(invariant);
      expect(stdout).toMatch(new RegExp(`"seed": ${seed},`));
    },
  );
});

/** Runs the command in a process of its own, as a person would. */
function simulate(args: readonly string[], zone = 'UTC') {
  const env = { ...process.env, TZ: zone };
  return spawnSync(process.execPath, ['test/simulation/simulate.ts', ...args], { env, encoding: 'utf8' });
}

describe('crashes', () => {
  const stopped = new Map<CallKind, number>();

  it.for(SCENARIOS.map((scenario) => ({ name: scenario.name, scenario })))(
    'every promise holds when an invocation stops before or after any one call: $name',
    { timeout: 30_000 },
    async ({ scenario }) => {
      const report = await crashEverywhere(scenario);
      expect(report.broken.slice(0, 3)).toEqual([]);
      expect(report.stops).toBeGreaterThan(20);
      for (const [kind, count] of report.stopsByKind) stopped.set(kind, (stopped.get(kind) ?? 0) + count);
    },
  );

  it('there are many scenarios, and every kind of call is stopped in one', () => {
    expect(SCENARIOS.length).toBeGreaterThanOrEqual(32);
    expect(CALL_KINDS.filter((kind) => !stopped.has(kind))).toEqual([]);
  });
});

describe('isolation', () => {
  it.for(['unavailable', 'slow', 'rate-limited'] as const)(
    'apps that do not fail are asked in every second tick at least while others are %s (I4)',
    async (trouble) => {
      const { history, healthy } = isolation(trouble);
      const outcome = await runHistory(history);
      expect(told(outcome.violation, 0)).toBeUndefined();
      expect(healthy.filter((app) => largestGapMs(outcome, app, history.healMs) > 125_000)).toEqual([]);
    },
  );
});

it.for(Object.entries(INVARIANTS))('%s is one sentence and at least one check', ([name, stated]) => {
  const { says, atWrite = [], atPublish = [], atEnd = [], inPlace = [] } = stated;
  expect(says).toMatch(/^[A-Z].*\.$/);
  expect(atWrite.length + atPublish.length + atEnd.length + inPlace.length).toBeGreaterThan(0);
  for (const file of inPlace) {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8');
    expect(text).toMatch(new RegExp(`'${name}'|checkPrivacy`));
  }
});

function largestGapMs(outcome: Outcome, app: string, untilMs: number): number {
  const asked = (outcome.askedMs.get(app) ?? []).filter((atMs) => atMs < untilMs);
  const gaps = asked.slice(1).map((atMs, index) => atMs - (asked[index] ?? atMs));
  return asked.length === 0 ? Number.POSITIVE_INFINITY : Math.max(0, ...gaps);
}
