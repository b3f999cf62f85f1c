import type { Channel } from '../identity.ts';
import type { AlertFacts } from '../ledger-row.ts';
import { emailAlert } from './alert-email.ts';
import { smsAlert } from './alert-sms.ts';
import type { Message } from './message.ts';
import type { View } from './view.ts';

export type { View } from './view.ts';

/** One alert as one message. Never throws and is always within the channel's rules, whatever the event holds. */
export function renderAlert(facts: AlertFacts, channel: Channel, view: View, nowMs: number): Message {
  return channel === 'email' ? emailAlert(facts, view, nowMs) : smsAlert(facts, view, nowMs);
}
