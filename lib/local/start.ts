import { resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { loadAlerts } from '../config/load.ts';
import { formatMistakes } from '../config/mistake.ts';
import type { AlertConfig } from '../domain/alert-config.ts';
import { watchTroubles } from './app-troubles.ts';
import { CannotStartError, refusedPath } from './cannot-start.ts';
import { type DataDirectory, takeDataDirectory } from './data-directory.ts';
import { writeEndpoints } from './endpoints.ts';
import { introduce, usedChannels } from './introduce.ts';
import { type LocalOptions, readOptions } from './options.ts';
import { type LocalStack, startLocalStack } from './stack.ts';
import { complain, say, showDelivery } from './terminal.ts';
import { tickOnce } from './ticks.ts';

/** How long `--once` waits for its alerts. */
const ONCE_MS = 60_000;

/** The local run's exit code. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const alerts = loadAlerts(options.configPath);
  if (alerts.kind === 'invalid') {
    complain(formatMistakes(alerts.mistakes));
    return 1;
  }
  const token = process.env['SIGNALS_TOKEN'];
  if (options.signalsUrl !== undefined && !token) {
    complain('--signals needs the token of that API in SIGNALS_TOKEN, and it is not set');
    return 1;
  }
  const directory =
    options.dataDirectory === undefined ? undefined : takeDataDirectory(options.dataDirectory);
  try {
    return await runStack(alerts.config, options, token ?? '', directory);
  } catch (error) {
    throw directory === undefined ? error : refusedPath(error, directory.path);
  } finally {
    directory?.release();
  }
}

/** Starts the stack and runs it to its end. */
async function runStack(
  config: AlertConfig,
  options: LocalOptions,
  token: string,
  directory: DataDirectory | undefined,
): Promise<number> {
  const stack = await startLocalStack({
    config,
    tickMs: options.everyMs,
    directory: directory?.path,
    signals: options.signalsUrl === undefined ? undefined : { url: options.signalsUrl, token },
  });
  try {
    if (directory !== undefined) {
      writeEndpoints(directory.path, { config: resolve(options.configPath), ...stack.endpoints });
    }
    introduce(stack, config, options);
    return await run(stack, config, options);
  } finally {
    await stack.close();
  }
}

/** Ticks until Ctrl-C, or until `--once` has what it waits for. */
async function run(stack: LocalStack, config: AlertConfig, options: LocalOptions): Promise<number> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  const arrived = new Set<string>();
  stack.inbox.onDelivery((entry) => {
    arrived.add(entry.channel);
    showDelivery(entry);
  });
  const findTroubles = watchTroubles(stack.ledger, config, {
    tell: complain,
    nowMs: () => Date.now(),
    everyMs: options.everyMs,
    goesOn: !options.once,
  });
  const wanted = usedChannels(config);
  const startMs = Date.now();
  while (!stopping.signal.aborted) {
    const tickStartMs = Date.now();
    const errors = await tickOnce(stack.handlers, stack.shardCount);
    for (const error of errors) complain(`a tick failed and will be repeated - ${error}`);
    const troubles = await findTroubles();
    if (options.once) {
      const code = onceCode(
        options,
        wanted.filter((channel) => !arrived.has(channel)),
        [...errors, ...troubles],
        Date.now() - startMs,
      );
      if (code !== undefined) return code;
    }
    const restMs = Math.max(0, tickStartMs + options.everyMs - Date.now());
    await delay(restMs, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
  say('\nStopped.');
  return 0;
}

/** The exit code once `--once` knows it; undefined while it waits. */
function onceCode(
  options: LocalOptions,
  missing: readonly string[],
  troubles: readonly string[],
  passedMs: number,
): number | undefined {
  if (options.signalsUrl !== undefined) {
    if (troubles.length === 0) say('One tick done: every app was polled.');
    return troubles.length === 0 ? 0 : 1;
  }
  if (missing.length === 0) return 0;
  if (passedMs < ONCE_MS) return undefined;
  const why =
    troubles.length > 0 ? troubles.join('; ') : 'no event matched a rule that notifies these channels';
  complain(`no alert by ${missing.join(' or ')} within ${ONCE_MS / 1000} s: ${why}`);
  return 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof CannotStartError)) throw error;
  complain(error.message);
  // What had started before would keep the process alive.
  process.stderr.write('', () => process.exit(1));
}
