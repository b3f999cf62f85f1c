import { describe, expect, it } from 'vitest';
import { crashEverywhere } from '../crash-points.ts';
import { drawHistory } from '../draw-history.ts';
import { FAULT_KINDS, type FaultKind } from '../faults.ts';
import { INVARIANTS } from '../invariants.ts';
import { type Outcome, runHistory } from '../run-history.ts';
import type { Scenario } from '../scenario.ts';
import { SCENARIOS } from '../scenarios.ts';
import type { CallKind, WireCallKind } from '../simulation-state.ts';
import { OPERATIONS } from './table-operations.ts';

const HISTORIES = 40;

const WIRE_CALLS: readonly WireCallKind[] = [
  ...OPERATIONS.map((operation) => `wire.${operation}` as const),
  'wire.Publish',
  'wire.GetEvents',
];

/** What a reader needs to see it again: `npm run simulate -- --parts adapters --seed <seed> --histories 1`. */
function told({ violation }: Outcome, seed: number): string | undefined {
  if (violation === undefined) return undefined;
  return `seed ${seed}: ${violation.invariant} ${INVARIANTS[violation.invariant].says} ${violation.detail}`;
}

describe('histories through the adapters', () => {
  it(`keep every promise: ${HISTORIES} of them, with every fault of the wires and every request`, {
    timeout: 60_000,
  }, async () => {
    const fired = new Set<FaultKind>();
    const calls = new Set<CallKind>();
    for (let seed = 1; seed <= HISTORIES; seed += 1) {
      const outcome = await runHistory(drawHistory(seed, { parts: 'adapters' }));
      expect(told(outcome, seed)).toBeUndefined();
      for (const kind of outcome.fired.keys()) fired.add(kind);
      for (const kind of outcome.calls.keys()) calls.add(kind);
    }
    expect(FAULT_KINDS.filter((kind) => kind.startsWith('wire-') && !fired.has(kind))).toEqual([]);
    expect(WIRE_CALLS.filter((kind) => !calls.has(kind))).toEqual([]);
  });

  it('happen the same way again, request by request', async () => {
    const run = (seed: number) => runHistory(drawHistory(seed, { parts: 'adapters' }));
    const once = await run(7);
    expect((await run(7)).trace).toBe(once.trace);
    expect((await run(8)).trace).not.toBe(once.trace);
  });

  it('are one in about twenty-five of those that are drawn', () => {
    const drawn = Array.from({ length: 1_000 }, (_, seed) => drawHistory(seed).parts);
    const count = drawn.filter((parts) => parts === 'adapters').length;
    expect(count).toBeGreaterThan(25);
    expect(count).toBeLessThan(55);
  });

  it('give the machine its time and chance back', async () => {
    const before = [setTimeout, clearTimeout, AbortSignal.timeout, Math.random, Date.now];
    await runHistory(drawHistory(3, { parts: 'adapters' }));
    expect([setTimeout, clearTimeout, AbortSignal.timeout, Math.random, Date.now]).toEqual(before);
  });
});

describe('crashes between the requests of the adapters', () => {
  const names = ['one alert', 'two rules on one event'];
  it.for(SCENARIOS.filter(({ name }) => names.includes(name)).map((scenario) => ({ scenario })))(
    'every promise holds when an invocation stops before or after any one: $scenario.name',
    { timeout: 60_000 },
    async ({ scenario }) => {
      const report = await crashEverywhere(throughAdapters(scenario));
      expect(report.broken.slice(0, 3)).toEqual([]);
      expect(report.stopsByKind.get('wire.PutItem')).toBeGreaterThan(4);
      expect(report.stopsByKind.get('wire.Publish')).toBeGreaterThan(1);
    },
  );
});

function throughAdapters(scenario: Scenario): Scenario {
  return { ...scenario, history: { ...scenario.history, parts: 'adapters' } };
}
