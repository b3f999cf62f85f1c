import { setImmediate } from 'node:timers/promises';
import { alertConfig } from '../../fixtures/alert-config.ts';
import type { FaultKind, Faults } from '../faults.ts';
import { type VirtualTime, virtualTime } from '../ports/virtual-time.ts';
import { seededRandom } from '../random.ts';
import { type Life, type Simulation, traceOf } from '../simulation-state.ts';

/** A simulation without a history: for models that are tried one call at a time. */
export type Modelled = {
  readonly simulation: Simulation;
  readonly life: Life;
  /** The only kind of fault that fires; undefined: none. */
  readonly meets: (kind: FaultKind | undefined) => void;
  /** Lets time go on until the call is answered. */
  readonly answered: <T>(call: () => Promise<T>) => Promise<T>;
  /** The same for every method of a port. */
  readonly driven: <Port extends object>(port: Port) => Port;
};

const STEP_MS = 5;

export function modelled(startMs: number): Modelled {
  let met: FaultKind | undefined;
  const faults: Faults = { fires: (kind) => kind === met, fired: new Map(), stop: () => undefined };
  const time = virtualTime(startMs);
  const simulation: Simulation = {
    time,
    random: seededRandom(1, 3),
    faults,
    crash: undefined,
    calls: new Map(),
    plannedCalls: [],
    violation: undefined,
    gone: new Set(),
    trace: traceOf(false),
  };
  const answered: Modelled['answered'] = (call) => driveUntil(time, call());
  return {
    simulation,
    life: oneLife(startMs),
    meets: (kind) => {
      met = kind;
    },
    answered,
    driven: (port) => drivenPort(port, answered),
  };
}

async function driveUntil<T>(time: VirtualTime, answer: Promise<T>): Promise<T> {
  let isDone = false;
  const done = (): void => {
    isDone = true;
  };
  answer.then(done, done);
  while (!isDone) {
    await setImmediate();
    await time.runUntil(time.nowMs() + STEP_MS, () => isDone);
  }
  return answer;
}

function drivenPort<Port extends object>(port: Port, answered: Modelled['answered']): Port {
  const methods = Object.entries(port).map(([name, part]: [string, unknown]) => {
    if (typeof part === 'function') return [name, (...values: unknown[]) => answered(() => part(...values))];
    return [name, typeof part === 'object' && part !== null ? drivenPort(part, answered) : part];
  });
  return Object.fromEntries(methods) as Port;
}

/** An invocation that nothing stops. */
function oneLife(startedMs: number): Life {
  return {
    kind: 'poll',
    owner: 'poll-0',
    config: alertConfig(),
    skewMs: 0,
    killAtMs: Number.POSITIVE_INFINITY,
    startedMs,
    inPlay: new Map(),
    listed: new Map(),
    failedWrites: new Map(),
    pendingCount: 0,
    end: 'running',
  };
}
