import { readEntries } from './failed-entries.ts';
import { type CommandFor, showList } from './failed-text.ts';
import type { CliWorld, OpenStack } from './world.ts';

/** `failed list`: shows what was given up. Returns the exit code. */
export async function listFailed(stack: OpenStack, world: CliWorld, commandFor: CommandFor): Promise<number> {
  const list = await readEntries(stack.ledger);
  for (const line of showList(list, stack.config, commandFor)) world.say(line);
  return 0;
}
