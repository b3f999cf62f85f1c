import pLimit from 'p-limit';
import type { Receiver } from '../domain/alert-config.ts';
import type { Attempt } from '../domain/decide.ts';
import type { Target } from '../domain/identity.ts';
import { PUBLISH_RESERVE_MS } from '../domain/policy.ts';
import type { Message } from '../domain/render/message.ts';
import { smsParts } from '../domain/render/sms-text.ts';
import { reserve, type SmsCost, type SmsLimits } from '../domain/sms-budget.ts';
import { smsPriceMicroUsd } from '../domain/sms-price.ts';
import type { Tick } from './tick.ts';

/** Other publishers may reserve for the same receiver at the same moment, and be faster. */
const TRIES_MAX = 8;

/**
 * Takes an SMS out of its receiver's budget. Before it is published: a crash in between costs a message of the budget,
 * the other order would cost money nobody counted. Undefined when it may be published, otherwise what becomes of it.
 *
 * A budget that cannot be written is an answer, not an error: what went out by other channels must still be recorded.
 */
export async function reserveSms(
  tick: Tick,
  target: Target,
  receiver: Receiver,
  message: Message,
  isHeld: boolean,
): Promise<Attempt | undefined> {
  if (message.channel !== 'sms' || receiver.sms === undefined) return undefined;
  const { to, limits } = receiver.sms;
  const cost = { priceMicroUsd: smsPriceMicroUsd(to, smsParts(message.body)), isHeld };
  // What there is no time to publish should cost nothing.
  if (tick.ports.clock.nowMs() >= tick.invocation.killAtMs - PUBLISH_RESERVE_MS) return { kind: 'no-time' };
  const queue = tick.reservations.get(target) ?? pLimit(1);
  tick.reservations.set(target, queue);
  return queue(() => swapBudget(tick, target, limits, cost));
}

async function swapBudget(
  tick: Tick,
  target: Target,
  limits: SmsLimits,
  cost: SmsCost,
): Promise<Attempt | undefined> {
  const { ledger, clock, telemetry } = tick.ports;
  try {
    let seen = await ledger.budgets.read(target);
    for (let triesLeft = TRIES_MAX; triesLeft > 0; triesLeft -= 1) {
      const reservation = reserve(seen?.value, limits, cost, clock.nowMs());
      if (reservation.kind !== 'reserved') return reservation;
      const swap = await ledger.budgets.swap(target, seen, reservation.budget);
      if (swap.kind === 'written') return undefined;
      seen = swap.now;
    }
  } catch (error) {
    telemetry.log('error', 'an SMS could not be reserved', { target, error: String(error) });
  }
  return { kind: 'refused', heals: true, because: 'its budget could not be written' };
}
