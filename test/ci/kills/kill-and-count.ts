import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { appKey } from '../../../lib/domain/identity.ts';
import { type FakeSignals, startFakeSignals } from '../../../lib/local/fake-signals/server.ts';
import { eventually, readInbox, scratchFolder } from '../../end-to-end/local-process.ts';
import { type Random, seededRandom } from '../../simulation/random.ts';
import { environment, ROOT } from '../command.ts';
import { type GuardedProcess, startGuarded } from '../guarded-process.ts';
import { countKills, type KillFigures } from './count.ts';
import {
  APPS,
  type Endpoints,
  type InjectedEvent,
  injectNext,
  messagesOf,
  openLedger,
  writeFile,
} from './watched-world.ts';

const TOKEN = 'fake-token';
const READY_MS = 60_000;
const DRAIN_MS = 120_000;

/** How much later than its cause a kill comes at most, by what it waits for. */
const MOMENTS_MS = { starting: 1_500, running: 2_500, delivering: 40 } as const;

type Run = {
  readonly fake: FakeSignals;
  /** Where everything is: the data folder, the file, the log of the latest run. */
  readonly folder: string;
  readonly data: string;
  readonly config: string;
  readonly random: Random;
};

/** What was learned besides what the inbox holds. */
export type KillRun = KillFigures & {
  readonly killsWhileStarting: number;
  readonly killsWhileRunning: number;
  readonly killsAfterDelivery: number;
  readonly seconds: number;
};

/**
 * Starts the local run, kills its process group, and starts it again on the same folder, `kills` times, while events go
 * on appearing in an API that nobody kills. The last run is left alone until every row is settled.
 *
 * @throws Error when a run ends by itself, or when the last one does not get everything done.
 */
export async function killAndCount(
  kills: number,
  seed: number,
  tell: (line: string) => void,
): Promise<KillRun> {
  const startedMs = Date.now();
  const scratch = scratchFolder();
  const fake = await startFakeSignals({
    apps: APPS,
    token: TOKEN,
    port: 0,
    now: () => Date.now(),
    traffic: false,
  });
  const random = seededRandom(seed, 1);
  const { path: folder } = scratch;
  const run = { fake, folder, data: join(folder, 'data'), config: writeFile(folder), random };
  const injecting = new AbortController();
  try {
    await startApps(run);
    const injected = injectAlong(fake, seededRandom(seed, 2), injecting.signal);
    const killsMs: number[] = [];
    const aimed = { starting: 0, running: 0, delivering: 0 };
    for (let count = 1; count <= kills; count += 1) {
      const moment = random.pick(['starting', 'running', 'running', 'delivering', 'delivering'] as const);
      aimed[moment] += 1;
      killsMs.push(await startAndKill(run, moment));
      if (count % 10 === 0) tell(`${count} kills, ${readInbox(run.data).length} messages`);
    }
    injecting.abort();
    const events = await injected;
    const recorded = await drain(run, events);
    const figures = countKills({ events, recorded, inbox: readInbox(run.data), killsMs });
    return {
      ...figures,
      killsWhileStarting: aimed.starting,
      killsWhileRunning: aimed.running,
      killsAfterDelivery: aimed.delivering,
      seconds: Math.round((Date.now() - startedMs) / 1000),
    };
  } finally {
    injecting.abort();
    await fake.close();
    scratch.remove();
  }
}

/** An app looks forward from its first poll: what is injected before is history. */
async function startApps(run: Run): Promise<void> {
  await whileRunning(run, async (endpoints) => {
    const { ledger, close } = openLedger(endpoints);
    for (const { client, app } of APPS) {
      await until(async () => (await ledger.apps.read(appKey(client, app))) !== undefined);
    }
    close();
  });
}

/** One event about every 0.7 seconds, and now and then as many at once as make a digest. */
async function injectAlong(
  fake: FakeSignals,
  random: Random,
  signal: AbortSignal,
): Promise<readonly InjectedEvent[]> {
  const events: InjectedEvent[] = [];
  while (!signal.aborted) {
    const count = random.chance(0.03) ? 20 : 1;
    for (let index = 0; index < count; index += 1) events.push(injectNext(fake, random, events.length));
    await delay(random.int(300, 1_100), undefined, { signal }).catch(() => undefined);
  }
  return events;
}

/** Returns when it was killed. */
async function startAndKill(run: Run, moment: keyof typeof MOMENTS_MS): Promise<number> {
  const started = start(run);
  try {
    if (moment !== 'starting') await ready(run, started);
    if (moment === 'delivering') await nextDelivery(run.data);
    await delay(run.random.int(0, MOMENTS_MS[moment]));
    failIfEnded(started);
    return await started.kill();
  } finally {
    await started.kill();
  }
}

/** Lets a run work until every row of an event is settled, and returns which messages the rows name. */
async function drain(run: Run, events: readonly InjectedEvent[]) {
  return whileRunning(run, async (endpoints) => {
    const { ledger, close } = openLedger(endpoints);
    const recorded = new Map<InjectedEvent, NonNullable<Awaited<ReturnType<typeof messagesOf>>>>();
    await until(async () => {
      for (const event of events) {
        if (recorded.has(event)) continue;
        const messages = await messagesOf(ledger, event);
        if (messages === undefined) return false;
        recorded.set(event, messages);
      }
      return true;
    });
    close();
    return recorded;
  });
}

/** Starts a run, and ends it as Ctrl-C does once `work` is done. */
async function whileRunning<T>(run: Run, work: (endpoints: Endpoints) => Promise<T>): Promise<T> {
  const started = start(run);
  try {
    const result = await work(await ready(run, started));
    await started.stop();
    return result;
  } finally {
    await started.kill();
  }
}

function start({ fake, folder, data, config }: Run): GuardedProcess {
  const options = ['--data', data, '--config', config, '--signals', fake.url, '--every', '1'];
  const env = { ...environment(), NO_COLOR: '1', NPM_CONFIG_UPDATE_NOTIFIER: 'false', SIGNALS_TOKEN: TOKEN };
  return startGuarded(['npm', 'start', '--', ...options], { cwd: ROOT, env }, join(folder, 'log.txt'));
}

/** What the run says of itself, once it does; until then the folder may tell of the one before. */
async function ready({ data }: Run, started: GuardedProcess): Promise<Endpoints> {
  const find = (): Endpoints | undefined => {
    failIfEnded(started);
    if (!started.log().includes('Ctrl-C')) return undefined;
    return JSON.parse(readFileSync(join(data, 'endpoints.json'), 'utf8')) as Endpoints;
  };
  return eventually(find, READY_MS, started.log);
}

function failIfEnded(started: GuardedProcess): void {
  if (started.hasEnded()) throw new Error(`a run ended by itself:\n${started.log()}`);
}

/** Resolves right after something is delivered, or after a while without. */
async function nextDelivery(data: string): Promise<void> {
  const before = inboxSize(data);
  for (const untilMs = Date.now() + 5_000; Date.now() < untilMs && inboxSize(data) === before; ) {
    await delay(2);
  }
}

function inboxSize(data: string): number {
  return statSync(join(data, 'inbox.jsonl'), { throwIfNoEntry: false })?.size ?? 0;
}

/** @throws Error when it is not so in time. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const endMs = Date.now() + DRAIN_MS; !(await isSo()); ) {
    if (Date.now() > endMs) throw new Error(`not everything was done ${DRAIN_MS} ms after the last kill`);
    await delay(100);
  }
}
