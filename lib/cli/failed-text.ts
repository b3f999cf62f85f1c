import pc from 'picocolors';
import type { AlertConfig } from '../domain/alert-config.ts';
import { type Channel, receiverOf } from '../domain/identity.ts';
import { longTime } from '../domain/render/when.ts';
import { receiverFor } from '../use-cases/tick.ts';
import { countOf, type Entry, type EntryList } from './failed-entries.ts';

/** Gives the command, with its options, that does something with the list. */
export type CommandFor = (words: string) => string;

const CHANNEL_NAMES: Readonly<Record<Channel, string>> = { email: 'e-mail', sms: 'SMS' };

/** The failed list as a person reads it: what, when, why, and what to do. Nothing of what a lead wrote, no numbers. */
export function showList(
  { entries, isCut }: EntryList,
  config: AlertConfig,
  commandFor: CommandFor,
): readonly string[] {
  if (entries.length === 0) return ['Nothing was given up: the list is empty.'];
  const count = isCut ? `The first ${entries.length} entries` : countOf(entries.length);
  return [
    `${count} on the failed list. Its alarm stays on until the list is empty.`,
    ...entries.flatMap((entry) => ['', ...showEntry(entry, config, commandFor)]),
    ...(entries.some((entry) => isRetryable(config, entry)) ? ['', ...howToRetryAll(commandFor)] : []),
  ];
}

/** An entry in a few words: who was to hear of what. */
export function titleOf({ item, row, reference }: Entry, config: AlertConfig): string {
  if (item.target === '-') return `${appName(item.key.pk, config)}, events read late or never`;
  const { receiver, channel } = receiverOf(item.target);
  const who = `${receiver} by ${CHANNEL_NAMES[channel]}`;
  if (row === undefined) return `${who} - ${appName(item.key.pk, config)}`;
  return `${who} - ${row.facts.appName}, rule ${row.facts.rule} (Ref ${reference})`;
}

function showEntry(entry: Entry, config: AlertConfig, commandFor: CommandFor): readonly string[] {
  const { number, item } = entry;
  const indent = ' '.repeat(String(number).length + 2);
  const when = longTime(item.atMs, config.timeZone);
  const label = item.target === '-' ? 'From' : 'Given up';
  return [
    `${pc.bold(String(number))}  ${pc.bold(titleOf(entry, config))}`,
    `${indent}${label}: ${when}`,
    `${indent}Why: ${item.because}`,
    `${indent}Next: ${nextStep(entry, config, commandFor)}`,
  ];
}

function nextStep({ number, item, row }: Entry, config: AlertConfig, commandFor: CommandFor): string {
  const dismiss = commandFor(`failed dismiss ${number}`);
  if (item.target === '-')
    return `nothing can be sent. Of events never read, look at that time in 360dialog's own reports; where they came late, set a longer lookback.daily. Then ${dismiss}`;
  if (row === undefined) return `the alert itself is no longer kept and cannot be sent; ${dismiss}`;
  if (!hasReceiver(config, item)) {
    return `that receiver or channel is not in the file any more, so nobody would get it; ${dismiss}`;
  }
  return `mend the cause, then ${commandFor(`failed retry ${number}`)}`;
}

function isRetryable(config: AlertConfig, { item, row }: Entry): boolean {
  return item.target !== '-' && row !== undefined && hasReceiver(config, item);
}

/** Whether anybody would get it; so it is where there is no delivery. */
export function hasReceiver(config: AlertConfig, { target }: Entry['item']): boolean {
  return target === '-' || receiverFor(config, target) !== undefined;
}

function howToRetryAll(commandFor: CommandFor): readonly string[] {
  return [
    `Send all of them again: ${commandFor('failed retry all')}`,
    'What has attempts of unknown outcome may have arrived, and may then arrive once more.',
  ];
}

/** The app of a partition, by the name in the file where it is there. */
function appName(pk: string, config: AlertConfig): string {
  const key = pk.replace(/^app#/, '');
  return config.apps.find((app) => app.key === key)?.name ?? `app ${key}`;
}
