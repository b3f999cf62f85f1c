import process from 'node:process';
import pc from 'picocolors';
import type { InboxEntry } from './sns/inbox.ts';

const WIDTH = 78;

/** Writes one line to the terminal. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one line about something that went wrong. */
export function complain(line: string): void {
  process.stderr.write(`${pc.red(line)}\n`);
}

/** Shows a message as the person it went to sees it. */
export function showDelivery(entry: InboxEntry): void {
  const title = entry.channel === 'email' ? `E-mail to ${entry.address}` : `SMS to ${entry.address}`;
  const rule = '─'.repeat(Math.max(3, WIDTH - title.length - 4));
  const lines = [
    '',
    pc.cyan(`── ${title} ${rule}`),
    ...(entry.subject === undefined ? [] : [pc.bold(`Subject: ${entry.subject}`), '']),
    ...entry.body.trimEnd().split('\n'),
    pc.cyan('─'.repeat(WIDTH)),
  ];
  say(lines.join('\n'));
}
