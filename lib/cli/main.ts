import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { systemClock } from '../adapters/clock.ts';
import { complain, say } from '../local/terminal.ts';
import { openStack } from './open-stack.ts';
import { runProgram } from './program.ts';

/** True for a yes; anything else, and the end of the input, is a no. */
async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

process.exitCode = await runProgram(process.argv.slice(2), {
  clock: systemClock(),
  say,
  complain,
  confirm: process.stdin.isTTY && process.stdout.isTTY ? confirm : undefined,
  open: (location) => openStack(location, complain),
});
