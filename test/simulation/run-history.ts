import type { AlertConfig, App } from '../../lib/domain/alert-config.ts';
import type { AppKey } from '../../lib/domain/identity.ts';
import { compileRules } from '../../lib/domain/match.ts';
import type { Pace } from '../../lib/domain/policy.ts';
import { cutShards } from '../../lib/domain/shards.ts';
import { flushHeld } from '../../lib/use-cases/flush-held.ts';
import { pollShard } from '../../lib/use-cases/poll-shard.ts';
import { retryFailed } from '../../lib/use-cases/retry-failed.ts';
import type { Invocation, Ports, Rulebook } from '../../lib/use-cases/tick.ts';
import { owedIn } from './checks/owed.ts';
import { checkPrivacy } from './checks/privacy.ts';
import { watchedSource } from './checks/starts.ts';
import { type FaultKind, faultsAt } from './faults.ts';
import { type History, MINUTE_MS, type Phase, phaseAt } from './history.ts';
import { checkEnd, checkPublish, checkWrite } from './invariants.ts';
import { end } from './ports/gate.ts';
import { emptyTruth } from './ports/ledger-truth.ts';
import { virtualTime } from './ports/virtual-time.ts';
import { seededRandom } from './random.ts';
import {
  type CallKind,
  type CrashPlan,
  type Life,
  type LifeKind,
  type Simulation,
  traceOf,
  type Violation,
  violate,
} from './simulation-state.ts';
import { wireParts } from './wire/wire-parts.ts';
import type { World } from './world.ts';
import { type PartsGiven, portParts, type WorldParts } from './world-parts.ts';

export type Outcome = {
  readonly violation: Violation | undefined;
  readonly calls: ReadonlyMap<CallKind, number>;
  readonly fired: ReadonlyMap<FaultKind, number>;
  /** Calls within the crash plan's span, in their order. */
  readonly plannedCalls: readonly CallKind[];
  readonly invocations: number;
  readonly timedOut: number;
  readonly requests: number;
  readonly published: number;
  readonly accepted: number;
  readonly owed: number;
  readonly trace: string;
  readonly lines: readonly string[];
  readonly askedMs: ReadonlyMap<string, readonly number[]>;
};

export type RunOptions = { readonly crash?: CrashPlan; readonly keepsTrace?: boolean };

/** The time-out of a function. */
const INVOCATION_MS = 50_000;

/** Which of the functions that publish it is. */
type Place = { readonly index: number; readonly count: number };

type Run = Omit<World, 'lives' | 'watermarksMs'> & {
  readonly lives: Life[];
  readonly watermarksMs: Map<AppKey, Map<Phase, number>>;
  readonly parts: WorldParts;
  readonly start: (kind: LifeKind, config: AlertConfig, apps: readonly App[], place: Place) => void;
};

/** Runs one history to its end, or to the first violation. The same history always runs the same way. */
export async function runHistory(history: History, options: RunOptions = {}): Promise<Outcome> {
  const { world, owed } = await runWorld(history, options);
  return outcomeOf(world, owed);
}

/** The same, with everything the models know when it is over. */
export async function runWorld(
  history: History,
  options: RunOptions = {},
): Promise<{ readonly world: World; readonly owed: number }> {
  const time = virtualTime(history.startMs);
  const faults = faultsAt(history.rates, seededRandom(history.seed, 2));
  const simulation: Simulation = {
    time,
    random: seededRandom(history.seed, 3),
    faults,
    gone: new Set(),
    crash: options.crash,
    calls: new Map(),
    plannedCalls: [],
    violation: undefined,
    trace: traceOf(options.keepsTrace === true),
  };
  const run = await makeRun(simulation, history);
  planPhases(run);
  for (const tickMs of history.ticksMs) time.at(tickMs, () => startTick(run));
  for (const atMs of history.operatorMs) {
    time.at(atMs, () => run.start('operator', phaseAt(history, atMs).config, [], { index: 0, count: 1 }));
  }
  time.at(history.healMs, faults.stop);
  try {
    await time.runUntil(history.endMs + MINUTE_MS, () => simulation.violation !== undefined);
  } finally {
    run.parts.close();
  }
  if (simulation.violation !== undefined) return { world: run, owed: 0 };
  checkEnd(run);
  return { world: run, owed: owedIn(run).length };
}

function outcomeOf({ simulation, api, publisher, lives }: World, owed: number): Outcome {
  return {
    violation: simulation.violation,
    calls: simulation.calls,
    fired: simulation.faults.fired,
    plannedCalls: simulation.plannedCalls,
    invocations: lives.length,
    timedOut: lives.filter((life) => life.end === 'timed-out').length,
    requests: api.requestCount(),
    published: publisher.published.length,
    accepted: publisher.byMessageId.size,
    owed,
    trace: simulation.trace.digest(),
    lines: simulation.trace.lines,
    askedMs: api.askedMs,
  };
}

async function makeRun(simulation: Simulation, history: History): Promise<Run> {
  const truth = emptyTruth();
  const rulebooks = new Map<AlertConfig, Rulebook>();
  const given: PartsGiven = {
    simulation,
    history,
    truth,
    onWrite: (write) => checkWrite(run, write),
    onPublish: (one) => checkPublish(run, one),
  };
  const parts = history.parts === 'adapters' ? await wireParts(given) : portParts(given);
  const { publisher, api } = parts;
  const lives: Life[] = [];
  const run: Run = {
    simulation,
    history,
    truth,
    publisher,
    api,
    lives,
    watermarksMs: new Map(),
    parts,
    start,
  };

  function portsOf(life: Life): Ports {
    const { time } = simulation;
    return {
      clock: {
        nowMs: () => time.nowMs() + life.skewMs,
        sleep: (delayMs) =>
          new Promise((resolve) => {
            time.at(time.nowMs() + delayMs, () => {
              if (life.end === 'running') resolve();
            });
          }),
      },
      source: watchedSource(run, api.sourceOf(life)),
      ledger: parts.ledgerOf(life),
      publisher: publisher.publisherOf(life),
      telemetry: {
        count: () => undefined,
        log: (_level, message, details) => checkPrivacy(run, `${message} ${JSON.stringify(details)}`),
      },
    };
  }

  function start(kind: LifeKind, config: AlertConfig, apps: readonly App[], place: Place): void {
    const life = newLife(simulation, kind, lives.length, config);
    lives.push(life);
    const rulebook = rulebooks.get(config) ?? { config, match: compileRules(config.rules) };
    rulebooks.set(config, rulebook);
    const { turnRowsMax } = history;
    const pace: Pace = {
      tickMs: MINUTE_MS,
      publisherCount: place.count,
      publisherIndex: place.index,
      turnRowsMax,
    };
    const invocation: Invocation = { owner: life.owner, killAtMs: life.killAtMs };
    simulation.time.at(life.startedMs + INVOCATION_MS, () => end(simulation, life, 'timed-out'));
    const ports = portsOf(life);
    const work: Record<LifeKind, () => Promise<void>> = {
      poll: () => pollShard(ports, rulebook, apps, pace, invocation),
      digest: () => flushHeld(ports, rulebook, pace, invocation),
      operator: () => retryAll(ports),
    };
    const done = parts.runAs(life, work[kind]);
    done.then(
      () => finish(simulation, life, 'returned'),
      () => finish(simulation, life, 'threw'),
    );
  }
  return run;
}

/** As the command line does it: one entry after the other, as they were listed. */
async function retryAll(ports: Ports): Promise<void> {
  for (const item of await ports.ledger.failed.list(1_000)) await retryFailed(ports, item);
}

function newLife(simulation: Simulation, kind: Life['kind'], count: number, config: AlertConfig): Life {
  const { time, faults, random } = simulation;
  const skewMs = faults.fires('clock-skew') ? random.int(-2_000, 2_000) : 0;
  const startedMs = time.nowMs();
  return {
    kind,
    owner: `${kind}-${count}`,
    config,
    skewMs,
    killAtMs: startedMs + skewMs + INVOCATION_MS,
    startedMs,
    inPlay: new Map(),
    listed: new Map(),
    failedWrites: new Map(),
    pendingCount: 0,
    end: 'running',
  };
}

/** What is pending when an invocation returns stands still in the cloud, and may go on in another one. */
function finish(simulation: Simulation, life: Life, how: 'returned' | 'threw'): void {
  if (life.end === 'running' && life.pendingCount > 0) {
    violate(simulation, 'S7', `${life.owner} ${how} with ${life.pendingCount} calls pending`);
  }
  end(simulation, life, how);
}

function planPhases(run: Run): void {
  const { history, simulation, truth, watermarksMs } = run;
  for (const phase of history.phases) {
    simulation.time.at(phase.fromMs, () => {
      for (const [app, state] of truth.apps) {
        const ofApp = watermarksMs.get(app) ?? new Map<Phase, number>();
        watermarksMs.set(app, ofApp.set(phase, state.watermarkMs));
      }
    });
  }
}

/** One minute of the scheduler: a poll per shard and one digest; each may be lost, doubled or late. */
function startTick(run: Run): void {
  const { simulation, history } = run;
  const nowMs = simulation.time.nowMs();
  const due = phaseAt(history, nowMs);
  const shardCount = cutShards(due.config.apps, history.shardAppsMax).length;
  for (let index = 0; index <= shardCount; index += 1) {
    for (const delayMs of delaysOf(simulation)) {
      simulation.time.at(nowMs + delayMs, () => {
        const config = configAt(run);
        const shards = cutShards(config.apps, history.shardAppsMax);
        const count = shards.length + 1;
        if (index === shardCount) run.start('digest', config, [], { index: shards.length, count });
        else run.start('poll', config, shards[index]?.apps ?? [], { index, count });
      });
    }
  }
}

function delaysOf({ faults, random }: Simulation): readonly number[] {
  if (faults.fires('tick-lost')) return [];
  const delayMs = faults.fires('tick-late') ? random.int(5_000, 150_000) : random.int(0, 900);
  return faults.fires('tick-doubled')
    ? [delayMs, delayMs + random.int(0, random.pick([5, 100, 1_000, 20_000]))]
    : [delayMs];
}

/** The file of the code that happens to run: for a while after a deployment, the one before it. */
function configAt({ history, simulation }: Run): AlertConfig {
  const nowMs = simulation.time.nowMs();
  const phase = phaseAt(history, nowMs);
  const before = history.phases[history.phases.indexOf(phase) - 1];
  const runsOld = before !== undefined && nowMs < phase.mixedUntilMs && simulation.random.chance(0.5);
  return runsOld ? before.config : phase.config;
}
