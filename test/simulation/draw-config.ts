import type { AlertConfig, App, Receiver, Rule } from '../../lib/domain/alert-config.ts';
import { alertConfig, appOf, receiver, rule } from '../fixtures/alert-config.ts';
import type { Size } from './draw-size.ts';
import type { FaultRates } from './faults.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Phase } from './history.ts';
import type { Random } from './random.ts';

/** Words of rules; each text of a lead holds some of them. */
export const WORDS = ['order', 'price', 'human', 'refund'] as const;
export const TYPES = ['keyword', 'converted', 'button'] as const;

/** The file of a history and what becomes of it while the history runs. */
export function drawPhases(
  random: Random,
  rates: FaultRates,
  size: Size,
  span: { readonly startMs: number; readonly healMs: number },
): readonly [Phase, ...Phase[]] {
  const phases: [Phase, ...Phase[]] = [
    { fromMs: span.startMs, mixedUntilMs: span.startMs, config: drawConfig(random, size) },
  ];
  const changes = random.pick([0, 1, 2, 4]);
  let fromMs = span.startMs;
  for (let count = 0; count < changes; count += 1) {
    fromMs += random.int(2, 8) * MINUTE_MS + random.int(0, 59_999);
    const before = phases.at(-1) ?? phases[0];
    if (fromMs > span.healMs) break;
    const config = changed(random, rates, before.config, fromMs);
    if (config === before.config) continue;
    const isMixed = random.chance(rates['old-and-new-code'] ?? 0);
    const mixedUntilMs = isMixed ? fromMs + random.int(1, 4) * MINUTE_MS : fromMs;
    phases.push({ fromMs, mixedUntilMs, config: { ...config, hash: `${count + 1}`.padStart(32, '0') } });
    fromMs = mixedUntilMs;
  }
  return phases;
}

function drawConfig(random: Random, size: Size): AlertConfig {
  const receivers = Array.from({ length: random.int(1, size.receivers) }, (_, index) =>
    drawReceiver(random, index),
  );
  return alertConfig({
    lookback: {
      everyTickMs: random.pick([5, 15, 15, 60]) * MINUTE_MS,
      hourlyMs: random.pick([6, 24, 24]) * HOUR_MS,
      dailyMs: random.pick([2, 7]) * DAY_MS,
    },
    apps: Array.from({ length: random.int(1, size.apps) }, (_, index) => drawApp(random, index)),
    receivers,
    rules: Array.from({ length: random.int(1, size.rules) }, (_, index) =>
      drawRule(random, `rule-${index}`, receivers),
    ),
  });
}

function drawApp(random: Random, index: number): App {
  const app = appOf(random.pick(['c-1', 'c-1', 'c-2']), `10${index}`, `Store ${index}`);
  return { ...app, timeZoneIsSet: random.chance(0.6) };
}

function drawReceiver(random: Random, index: number): Receiver {
  const email = { to: [`r${index}@example.com`] };
  const limits = {
    hourlyMax: random.pick([2, 3, 60, 60]),
    // In messages of one number in the US.
    monthlyMicroUsd: random.chance(0.5) ? undefined : random.pick([100_000, 20_000]),
  };
  const sms = { to: ['+12025550123'], limits };
  const channels = random.pick([{ email }, { sms }, { email, sms }]);
  return receiver(`receiver-${index}`, channels);
}

function drawRule(random: Random, name: string, receivers: readonly Receiver[]): Rule {
  const notify = receivers.filter(() => random.chance(0.7)).map((one) => one.name);
  const drawn = rule(name, notify.length > 0 ? notify : [receivers[0]?.name ?? ''], drawWhen(random));
  return { ...drawn, cooldown: drawCooldown(random) };
}

function drawCooldown(random: Random): Rule['cooldown'] {
  if (random.chance(0.6)) return undefined;
  const forMs = random.pick([MINUTE_MS, 10 * MINUTE_MS, 2 * HOUR_MS]);
  return { forMs, per: random.pick(['lead', 'lead', 'app', 'campaign']) };
}

function drawWhen(random: Random): Partial<Rule['when']> {
  return {
    types: random.chance(0.4) ? [random.pick(TYPES)] : [],
    keywords: random.chance(0.6) ? [random.pick(WORDS)] : [],
    not: random.chance(0.1) ? ['testing'] : [],
    apps: random.chance(0.1) ? ['100'] : [],
  };
}

/** One more edit of the file; the same file when none of the drawn kinds comes up. */
function changed(random: Random, rates: FaultRates, config: AlertConfig, nowMs: number): AlertConfig {
  const happens = (kind: keyof FaultRates): boolean => random.chance(rates[kind] ?? 0);
  let next = config;
  if (happens('rule-removed') && next.rules.length > 1) next = { ...next, rules: next.rules.slice(0, -1) };
  if (happens('rule-edited')) next = { ...next, rules: withFirstEdited(random, next.rules) };
  if (happens('rule-added')) {
    const sinceMs = happens('rule-since') ? nowMs - random.int(1, 20) * DAY_MS : undefined;
    next = { ...next, rules: withOneAdded(random, next, sinceMs) };
  }
  if (happens('app-added')) next = { ...next, apps: [...next.apps, drawApp(random, 5 + next.apps.length)] };
  if (happens('receiver-removed') && next.receivers.length > 1) {
    next = { ...next, receivers: next.receivers.slice(0, -1) };
  }
  return next;
}

function withFirstEdited(random: Random, rules: readonly Rule[]): readonly Rule[] {
  return rules.map((one, index) =>
    index === 0 ? { ...one, when: { ...one.when, ...drawWhen(random) } } : one,
  );
}

function withOneAdded(
  random: Random,
  { rules, receivers }: AlertConfig,
  sinceMs: number | undefined,
): readonly Rule[] {
  const added = drawRule(random, `rule-${random.int(3, 9)}-${rules.length}`, receivers);
  const others = rules.filter((one) => one.name !== added.name);
  return [...others, { ...added, when: { ...added.when, sinceMs } }];
}
