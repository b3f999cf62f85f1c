import pLimit from 'p-limit';
import { WRITES_PER_APP_MAX } from '../domain/policy.ts';
import { type Choice, choose, countOf, type Entry, readEntries } from './failed-entries.ts';
import { type CommandFor, titleOf } from './failed-text.ts';
import type { CliWorld, OpenStack } from './world.ts';

/** What became of one entry. */
export type Done = {
  /** What follows the entry's title and a colon. */
  readonly says: string;
  /** Whether it was done as asked. */
  readonly isDone: boolean;
  /** Whether the entry stands in the list still. */
  readonly isListed: boolean;
};

export type Order = {
  readonly choice: Choice;
  /** Do not ask. */
  readonly yes: boolean;
  /** What is asked before it is done to all of them. */
  readonly question: (count: string) => string;
  readonly work: (entry: Entry) => Promise<Done>;
};

/** Nobody can be asked for the yes that is needed. */
const USAGE = 2;

/** Does one thing to the chosen entries, and says of each what became of it. Returns the exit code. */
export async function workOnEntries(
  stack: OpenStack,
  world: CliWorld,
  commandFor: CommandFor,
  order: Order,
): Promise<number> {
  const list = await readEntries(stack.ledger);
  const chosen = choose(list, order.choice);
  if (chosen.length === 0) {
    world.say('There is nothing to do: the list is empty.');
    return 0;
  }
  const refusal = order.choice.kind === 'all' ? await askFirst(world, order, chosen.length) : undefined;
  if (refusal !== undefined) return refusal;

  const limit = pLimit(WRITES_PER_APP_MAX);
  const results = await Promise.allSettled(
    chosen.map((entry) => limit(async () => ({ entry, ...(await order.work(entry)) }))),
  );
  const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  for (const { entry, says, isDone } of done) {
    const tell = isDone ? world.say : world.complain;
    tell(`${titleOf(entry, stack.config)}: ${says}`);
  }
  // Only now: what was done stays done, and is said.
  for (const result of results) if (result.status === 'rejected') throw result.reason;

  const goneCount = done.filter(({ isListed }) => !isListed).length;
  world.say(leftOf(list.entries.length - goneCount, list.isCut, commandFor));
  return done.every(({ isDone }) => isDone) ? 0 : 1;
}

/** The exit code where there was no yes; undefined where there was. */
async function askFirst(
  world: CliWorld,
  { yes, question }: Order,
  count: number,
): Promise<number | undefined> {
  if (yes) return undefined;
  if (world.confirm === undefined) {
    world.complain('expected --yes with all, because nobody is at this terminal to be asked');
    return USAGE;
  }
  if (await world.confirm(question(countOf(count)))) return undefined;
  world.say('Nothing was changed.');
  return 1;
}

function leftOf(count: number, isCut: boolean, commandFor: CommandFor): string {
  if (isCut) return `There are more entries: ${commandFor('failed list')}`;
  if (count === 0) return 'The list is empty now; its alarm ends within minutes.';
  return `${countOf(count)} left, with new numbers: ${commandFor('failed list')}`;
}
