import type { Cooldown } from '../../../lib/domain/alert-config.ts';
import type { Target } from '../../../lib/domain/identity.ts';
import { type AlertFacts, type AlertRow, formatKey } from '../../../lib/domain/ledger-row.ts';
import type { History } from '../history.ts';
import type { Write } from '../ports/ledger-truth.ts';
import { violate } from '../simulation-state.ts';
import type { World } from '../world.ts';
import { changedTargets } from './rows.ts';

/** What a spent budget keeps from a person goes by e-mail. */
export function overBudgetGoesByEmail({ simulation }: World, write: Write): void {
  if (write.kind !== 'row') return;
  for (const [target, state] of changedTargets(write)) {
    const isOverBudget = state.is === 'suppressed' && state.because === 'sms-budget';
    const email = write.after.to[emailOf(target)];
    if (isOverBudget && (email === undefined || email.is === 'suppressed')) {
      violate(simulation, 'I1', `${target} of ${write.rowId} has no e-mail in its place`);
    }
  }
}

/** What a cooldown keeps quiet names another that is not, of its group and near enough. */
export function quietIsToldByAnother(world: World, write: Write): void {
  if (write.kind !== 'row') return;
  for (const [, state] of changedTargets(write)) {
    if (state.is === 'suppressed' && state.because === 'cooldown') checkQuieted(world, write.after, state.by);
  }
}

/** Of two alerts of one group within a cooldown, one is told: where no file changed it and no row was forgotten. */
export function cooldownsTellOne({ simulation, truth, history }: World): void {
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

function checkQuieted({ simulation, truth, history }: World, row: AlertRow, by: string | undefined): void {
  const told = by === undefined ? undefined : truth.rows.get(by);
  const isNear = (cooldown: Cooldown): boolean =>
    told !== undefined && isSameGroup(row.facts, told.facts, cooldown) && isWithin(row, told, cooldown);
  if (told === undefined || isQuiet(told) || !cooldownsOf(history, row.facts.rule).some(isNear)) {
    violate(simulation, 'S8', `${formatKey(row.key)} is kept quiet by ${by}`);
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

function emailOf(target: Target): Target {
  return `${target.slice(0, target.lastIndexOf('/'))}/email`;
}
