import type { Attempt } from '../domain/decide.ts';
import type { Target } from '../domain/identity.ts';
import { type Slots, slotFrom } from '../domain/policy.ts';
import type { Message } from '../domain/render/message.ts';
import type { Clock } from '../ports/clock.ts';
import type { Publisher } from '../ports/publisher.ts';

/** Publishes one message and says what came of it. */
export type Sender = (
  target: Target,
  message: Message,
  /** Alerts the message stands for. */
  alertCount: number,
) => Promise<Attempt>;

/**
 * Sends each message to a target in a slot of its own, and begins none after `untilMs`: it could not be recorded. The clock
 * is read right before each publish, because waiting for the slot takes time.
 */
export function pacedSender(
  ports: { readonly publisher: Publisher; readonly clock: Clock },
  limits: Slots & { readonly untilMs: number },
): Sender {
  const nextSlotMs = new Map<Target, number>();
  return async (target, message, alertCount) => {
    const { clock, publisher } = ports;
    const askedMs = clock.nowMs();
    const slotMs = slotFrom(Math.max(askedMs, nextSlotMs.get(target) ?? 0), limits);
    if (slotMs >= limits.untilMs) return { kind: 'no-time' };
    nextSlotMs.set(target, slotMs + limits.spacingMs);
    if (slotMs > askedMs) await clock.sleep(slotMs - askedMs);
    if (clock.nowMs() >= limits.untilMs) return { kind: 'no-time' };
    const outcome = await publisher.publish(target, message);
    return outcome.kind === 'accepted' ? { ...outcome, alertCount } : outcome;
  };
}
