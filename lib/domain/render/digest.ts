import type { Channel } from '../identity.ts';
import type { AlertFacts } from '../ledger-row.ts';
import { renderAlert } from './alert.ts';
import { emailDigest } from './digest-email.ts';
import type { DigestPart } from './digest-part.ts';
import { smsDigest } from './digest-sms.ts';
import type { View } from './view.ts';

export type { DigestPart } from './digest-part.ts';

/** Several alerts together, in as few messages as the channel allows: every alert is covered by exactly one part. */
export function renderDigest(
  alerts: readonly AlertFacts[],
  channel: Channel,
  view: View,
  nowMs: number,
): readonly DigestPart[] {
  const [first, ...rest] = alerts;
  if (first === undefined) return [];
  if (rest.length === 0) return [{ message: renderAlert(first, channel, view, nowMs), covers: alerts }];
  return channel === 'email'
    ? emailDigest(alerts, view, nowMs)
    : [{ message: smsDigest(alerts, view), covers: alerts }];
}
