import type { Cooldown } from '../../lib/domain/alert-config.ts';
import type { Target } from '../../lib/domain/identity.ts';
import { type AlertFacts, type AlertRow, formatKey, type TargetState } from '../../lib/domain/ledger-row.ts';
import type { SmsBudget } from '../../lib/domain/sms-budget.ts';
import type { History } from './history.ts';
import { isFallback, type Published } from './ports/publisher-model.ts';
import { violate } from './simulation-state.ts';
import type { World } from './world.ts';

/** A budget is only ever added to, and never beyond what any file of the history allows. */
export function checkBudget(
  world: World,
  target: Target,
  before: SmsBudget | undefined,
  after: SmsBudget,
): void {
  const { simulation, truth } = world;
  truth.reservedCounts.set(target, (truth.reservedCounts.get(target) ?? 0) + 1);
  const limits = limitsOf(world.history, target);
  const hourlyMax = Math.max(...limits.map((one) => one.hourlyMax));
  const monthlyMax = Math.max(...limits.map((one) => one.monthlyMicroUsd ?? Number.POSITIVE_INFINITY));
  if (after.hourCount > hourlyMax || after.monthMicroUsd > monthlyMax) {
    violate(simulation, 'I7', `${target} reserved ${JSON.stringify(after)}`);
  }
  if (before?.monthMs === after.monthMs && after.monthMicroUsd <= before.monthMicroUsd) {
    violate(simulation, 'I7', `${target} got back what was reserved: ${JSON.stringify([before, after])}`);
  }
}

/** Every SMS that leaves has its own reservation; plain text in place of a refused one goes under the same. */
export function checkReserved({ simulation, truth, publisher }: World, one: Published): void {
  if (!one.target.endsWith('/sms') || isFallback(one.message)) return;
  const sent = publisher.published.filter(
    (other) => other.target === one.target && !isFallback(other.message),
  ).length;
  if (sent > (truth.reservedCounts.get(one.target) ?? 0)) {
    violate(simulation, 'I7', `${sent} SMS to ${one.target} of which not all are reserved`);
  }
}

/** What a cooldown or a spent budget keeps from a person was told another way. */
export function checkSuppressed(world: World, row: AlertRow, target: Target, state: TargetState): void {
  if (state.is !== 'suppressed') return;
  if (state.because === 'sms-budget' && row.to[emailOf(target)] === undefined) {
    violate(world.simulation, 'I1', `${target} of ${formatKey(row.key)} has no e-mail in its place`);
  }
  if (state.because === 'cooldown') checkQuieted(world, row, state.by);
}

function checkQuieted({ simulation, truth, history }: World, row: AlertRow, by: string | undefined): void {
  const told = by === undefined ? undefined : truth.rows.get(by);
  const isNear = (cooldown: Cooldown): boolean =>
    told !== undefined && isSameGroup(row.facts, told.facts, cooldown) && isWithin(row, told, cooldown);
  if (told === undefined || isQuiet(told) || !cooldownsOf(history, row.facts.rule).some(isNear)) {
    violate(simulation, 'S8', `${formatKey(row.key)} is kept quiet by ${by}`);
  }
}

/** Of two alerts of one group within a cooldown, one is told: where no file changed it and no row was forgotten. */
export function checkCooldowns({ simulation, truth, history }: World): void {
  const rows = [...truth.rows.values()].filter((row) => !isQuiet(row) && hasBeenDue(row));
  for (const [index, row] of rows.entries()) {
    const cooldown = steadyCooldownOf(history, row.facts.rule);
    if (cooldown === undefined) continue;
    const other = rows
      .slice(index + 1)
      .find((one) => isSameGroup(row.facts, one.facts, cooldown) && isWithin(row, one, cooldown));
    if (other !== undefined && truth.generations.size === 0) {
      violate(simulation, 'S8', `${formatKey(row.key)} and ${formatKey(other.key)} are both told`);
    }
  }
}

function isQuiet({ to }: AlertRow): boolean {
  return Object.values(to).some((state) => state.is === 'suppressed' && state.because === 'cooldown');
}

/** Not only recorded as what was there before. */
function hasBeenDue({ to }: AlertRow): boolean {
  return Object.values(to).some((state) => state.is === 'sent' || state.is === 'failed');
}

function isSameGroup(a: AlertFacts, b: AlertFacts, { per }: Cooldown): boolean {
  if (a.app !== b.app || a.rule !== b.rule) return false;
  if (per === 'app') return true;
  const field = { lead: 'phone', campaign: 'campaignId', ad: 'adId' } as const;
  return a[field[per]] !== undefined && a[field[per]] === b[field[per]];
}

function isWithin(a: AlertRow, b: AlertRow, { forMs }: Cooldown): boolean {
  const at = ({ facts }: AlertRow): number => facts.occurredAtMs ?? facts.seenAtMs;
  return Math.abs(at(a) - at(b)) < forMs;
}

function cooldownsOf({ phases }: History, rule: string): readonly Cooldown[] {
  return phases.flatMap(({ config }) =>
    config.rules.flatMap((one) => (one.name === rule && one.cooldown !== undefined ? [one.cooldown] : [])),
  );
}

/** The cooldown of a rule that stands in every file, and the same in each. */
function steadyCooldownOf(history: History, rule: string): Cooldown | undefined {
  const [first, ...others] = cooldownsOf(history, rule);
  const isSteady =
    others.length + 1 === history.phases.length &&
    others.every((other) => other.forMs === first?.forMs && other.per === first.per);
  return isSteady ? first : undefined;
}

function limitsOf({ phases }: History, target: Target) {
  const name = target.slice(0, target.lastIndexOf('/'));
  return phases.flatMap(({ config }) =>
    config.receivers.flatMap((one) => (one.name === name && one.sms !== undefined ? [one.sms.limits] : [])),
  );
}

function emailOf(target: Target): Target {
  return `${target.slice(0, target.lastIndexOf('/'))}/email`;
}
