import { type Channel, referenceOf } from '../identity.ts';
import type { AlertFacts } from '../ledger-row.ts';
import { asciiOf } from './ascii.ts';
import type { Message } from './message.ts';

const NAME_MAX = 30;
const NAME_READ_MAX = 200;

/** The least that can be said: plain ASCII, nothing of the event but its reference. For what SNS refused in full. */
export function renderFallback(facts: AlertFacts, channel: Channel): Message {
  const rule = plainName(facts.rule) || 'unnamed';
  const app = plainName(facts.appName) || 'unnamed';
  const reference = referenceOf(facts.app, facts.event);
  if (channel === 'sms') return { channel, body: `Alert: rule ${rule}, app ${app}. Ref ${reference}` };
  const body = [
    'An alert could not be shown in full.',
    '',
    `Rule: ${rule}`,
    `App: ${app}`,
    '',
    `Ref ${reference}`,
  ].join('\n');
  return { channel, subject: `Alert: rule ${rule}, app ${app}`, body };
}

/** The least that can be said of many: how many, and the references by which to ask. For what SNS refused in full. */
export function renderPlainDigest(alerts: readonly AlertFacts[], channel: Channel): Message {
  const references = alerts.map(({ app, event }) => referenceOf(app, event));
  const summary = `${alerts.length} alerts could not be shown in full.`;
  if (channel === 'sms') return { channel, body: `${summary} First ref ${references[0] ?? 'none'}` };
  return { channel, subject: `${alerts.length} alerts`, body: [summary, '', ...references].join('\n') };
}

function plainName(name: string): string {
  return Array.from(name.slice(0, NAME_READ_MAX).toWellFormed(), (character) => asciiOf(character))
    .join('')
    .replace(/[^A-Za-z0-9 _.-]+/gu, ' ')
    .replace(/ +/gu, ' ')
    .slice(0, NAME_MAX)
    .trim();
}
