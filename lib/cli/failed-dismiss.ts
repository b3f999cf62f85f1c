import { dismissFailed } from '../use-cases/dismiss-failed.ts';
import type { Choice } from './failed-entries.ts';
import type { CommandFor } from './failed-text.ts';
import { workOnEntries } from './work-on-entries.ts';
import type { CliWorld, OpenStack } from './world.ts';

const SAYS = {
  'under-way': 'was listed just now; run this again in a minute.',
  dismissed: 'taken off the list; nothing is sent.',
  'still-tried': 'taken off the list; it is being tried again all the same, and listed again if that fails.',
} as const;

/** `failed dismiss`: takes entries off the list without sending them. Returns the exit code. */
export function dismissChosen(
  stack: OpenStack,
  world: CliWorld,
  commandFor: CommandFor,
  { choice, yes }: { readonly choice: Choice; readonly yes: boolean },
): Promise<number> {
  return workOnEntries(stack, world, commandFor, {
    choice,
    yes,
    question: (count) => `Take ${count} off the list? What they stand for is not sent to anybody.`,
    work: async ({ item }) => {
      const { kind } = await dismissFailed({ ledger: stack.ledger, clock: world.clock }, item);
      const isDone = kind !== 'under-way';
      return { says: SAYS[kind], isDone, isListed: !isDone };
    },
  });
}
