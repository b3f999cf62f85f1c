import type { Target } from '../../../lib/domain/identity.ts';
import type { SmsBudget } from '../../../lib/domain/sms-budget.ts';
import type { History } from '../history.ts';
import type { Write } from '../ports/ledger-truth.ts';
import { isFallback, type Published } from '../ports/publisher-model.ts';
import { violate } from '../simulation-state.ts';
import type { World } from '../world.ts';

/** SNS disables an e-mail subscription beyond this. */
const MESSAGES_PER_SECOND_MAX = 10;

/** Messages a second to one target that one invocation may publish. */
const OWN_PER_SECOND_MAX = 5;

/** A budget is only ever added to, and never beyond what any file of the history allows. */
export function budgetsHold(world: World, write: Write): void {
  if (write.kind === 'budget') checkBudget(world, write.target, write.before, write.after);
}

/** Every SMS that leaves has its own reservation; plain text in place of a refused one goes under the same. */
export function smsAreReserved({ simulation, truth, publisher }: World, one: Published): void {
  if (!one.target.endsWith('/sms') || isFallback(one.message)) return;
  const sent = publisher.published.filter(
    (other) => other.target === one.target && !isFallback(other.message),
  ).length;
  if (sent > (truth.reservedCounts.get(one.target) ?? 0)) {
    violate(simulation, 'I7', `${sent} SMS to ${one.target} of which not all are reserved`);
  }
}

/** What a subscription survives, over all that publish; and the share of one of them. */
export function topicsArePaced({ simulation, publisher }: World, one: Published): void {
  const nowMs = simulation.time.nowMs();
  let recentCount = 0;
  let ownCount = 0;
  for (let index = publisher.published.length - 1; index >= 0; index -= 1) {
    const other = publisher.published[index];
    if (other === undefined || other.startedMs <= nowMs - 1_000) break;
    if (other.target !== one.target) continue;
    recentCount += 1;
    if (other.life === one.life) ownCount += 1;
  }
  if (recentCount > MESSAGES_PER_SECOND_MAX || ownCount > OWN_PER_SECOND_MAX) {
    violate(simulation, 'I7', `${recentCount} messages within a second to ${one.target}, ${ownCount} by one`);
  }
}

function checkBudget(world: World, target: Target, before: SmsBudget | undefined, after: SmsBudget): void {
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

function limitsOf({ phases }: History, target: Target) {
  const name = target.slice(0, target.lastIndexOf('/'));
  return phases.flatMap(({ config }) =>
    config.receivers.flatMap((one) => (one.name === name && one.sms !== undefined ? [one.sms.limits] : [])),
  );
}
