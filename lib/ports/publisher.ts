import type { Target } from '../domain/identity.ts';
import type { Message } from '../domain/render/message.ts';

export type PublishOutcome =
  | { readonly kind: 'accepted'; readonly messageId: string }
  /** The message was not taken. `heals`: the same message may be taken later (throttled, denied, topic gone). */
  | { readonly kind: 'refused'; readonly heals: boolean; readonly because: string }
  /** Nobody knows whether it was taken (time-out, reset, 5xx). */
  | { readonly kind: 'unknown'; readonly because: string };

export interface Publisher {
  /** Hands one message to one target's topic, in one attempt. Never throws for what the service does. */
  publish(target: Target, message: Message): Promise<PublishOutcome>;
}
