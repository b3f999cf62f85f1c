import process from 'node:process';
import type { AlertConfig } from '../domain/alert-config.ts';
import type { Channel } from '../domain/identity.ts';
import type { LocalOptions } from './options.ts';
import { curlCommand, sampleEvent } from './sample-event.ts';
import { LOCAL_PORTS, type LocalStack } from './stack.ts';
import { say } from './terminal.ts';

const NAMES_MAX = 5;
const CHANNEL_NAMES: Readonly<Record<Channel, string>> = { email: 'e-mail', sms: 'SMS' };

/** The channels by which some rule can tell somebody. */
export function usedChannels(config: AlertConfig): readonly Channel[] {
  const told = new Set(config.rules.flatMap((rule) => rule.notify));
  const receivers = config.receivers.filter((receiver) => told.has(receiver.name));
  return (['email', 'sms'] as const).filter((channel) =>
    receivers.some((receiver) => receiver[channel] !== undefined),
  );
}

/** Says what runs, where, and how to send it an event that the file's first rule matches. */
export function introduce(stack: LocalStack, config: AlertConfig, options: LocalOptions): void {
  say(watching(config));
  const used = usedChannels(config);
  for (const channel of ['email', 'sms'] as const) {
    if (!used.includes(channel)) say(`No rule notifies anybody by ${CHANNEL_NAMES[channel]}.`);
  }
  for (const [name, port] of Object.entries(stack.ports)) {
    const wanted = LOCAL_PORTS[name as keyof typeof LOCAL_PORTS];
    if (port !== undefined && port !== wanted) say(`Port ${wanted} (${name}) is taken; using ${port}.`);
  }
  const every = `every ${options.everyMs / 1000} s`;
  if (stack.fake === undefined) say(`Polling ${options.signalsUrl} ${every}.`);
  else {
    say(`Fake Signals API: ${stack.fake.url} (token ${stack.fake.token}), polled ${every}.`);
    say('Send it an event of your own:');
    say(`  ${curlCommand(stack.fake.url, sampleEvent(config), process.platform)}`);
  }
  say('Alerts appear below as they would arrive. Stop with Ctrl-C.');
}

/** "Watching Spot Store (1 app) with 1 rule."; an app without a name of its own is shown by its ids. */
export function watching({ apps, rules }: Pick<AlertConfig, 'apps' | 'rules'>): string {
  const names = apps.map((app) => (app.name === app.app ? app.key : app.name));
  const more = names.length > NAMES_MAX ? ', …' : '';
  return `Watching ${names.slice(0, NAMES_MAX).join(', ')}${more} (${counted(apps.length, 'app')}) with ${counted(rules.length, 'rule')}.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
