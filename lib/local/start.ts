import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { loadAlerts } from '../config/load.ts';
import { formatMistakes } from '../config/mistake.ts';
import type { AlertConfig } from '../domain/alert-config.ts';
import { watchTroubles } from './app-troubles.ts';
import { type DataDirectory, DirectoryTakenError, takeDataDirectory } from './data-directory.ts';
import { type LocalOptions, readOptions } from './options.ts';
import { LOCAL_PORTS, type LocalStack, startLocalStack } from './stack.ts';
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
    const stack = await startLocalStack({
      config: alerts.config,
      tickMs: options.everyMs,
      directory: directory?.path,
      signals: options.signalsUrl === undefined ? undefined : { url: options.signalsUrl, token: token ?? '' },
    });
    writeEndpoints(directory, stack);
    try {
      introduce(stack, alerts.config, options);
      return await run(stack, alerts.config, options);
    } finally {
      await stack.close();
    }
  } finally {
    directory?.release();
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
  const findTroubles = watchTroubles(stack.ledger, config, complain);
  const startMs = Date.now();
  while (!stopping.signal.aborted) {
    const tickStartMs = Date.now();
    const errors = await tickOnce(stack.handlers, stack.shardCount);
    for (const error of errors) complain(`a tick failed and will be repeated - ${error}`);
    const troubles = await findTroubles();
    if (options.once) {
      const code = onceCode(options, arrived, [...errors, ...troubles], Date.now() - startMs);
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
  arrived: ReadonlySet<string>,
  troubles: readonly string[],
  passedMs: number,
): number | undefined {
  if (options.signalsUrl !== undefined) {
    if (troubles.length === 0) say('One tick done: every app was polled.');
    return troubles.length === 0 ? 0 : 1;
  }
  if (arrived.has('email') && arrived.has('sms')) return 0;
  if (passedMs < ONCE_MS) return undefined;
  const missing = ['email', 'sms'].filter((channel) => !arrived.has(channel));
  const why =
    troubles.length > 0 ? troubles.join('; ') : 'no event matched a rule that notifies these channels';
  complain(`no alert by ${missing.join(' or ')} within ${ONCE_MS / 1000} s: ${why}`);
  return 1;
}

function introduce(stack: LocalStack, config: AlertConfig, options: LocalOptions): void {
  say(`Watching ${config.apps.map((app) => app.name).join(', ')} with ${config.rules.length} rules.`);
  for (const [name, port] of Object.entries(stack.ports)) {
    const wanted = LOCAL_PORTS[name as keyof typeof LOCAL_PORTS];
    if (port !== undefined && port !== wanted) say(`Port ${wanted} (${name}) is taken; using ${port}.`);
  }
  if (stack.fake === undefined) say(`Polling ${options.signalsUrl} every ${options.everyMs / 1000} s.`);
  else {
    say(
      `Fake Signals API: ${stack.fake.url} (token ${stack.fake.token}), polled every ${options.everyMs / 1000} s.`,
    );
    say('Send it an event of your own:');
    say(
      `  curl ${stack.fake.url}/local/events -d '{"text": "I am a lead, and I want to buy: quero comprar"}'`,
    );
  }
  say('Alerts appear below as they would arrive. Stop with Ctrl-C.');
}

function writeEndpoints(directory: DataDirectory | undefined, stack: LocalStack): void {
  if (directory === undefined) return;
  const text = JSON.stringify({ pid: process.pid, ...stack.endpoints }, undefined, 2);
  writeFileSync(join(directory.path, 'endpoints.json'), `${text}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof DirectoryTakenError)) throw error;
  complain(error.message);
  process.exitCode = 1;
}
