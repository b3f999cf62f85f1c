import { type RetryOutcome, retryFailed } from '../use-cases/retry-failed.ts';
import type { Choice } from './failed-entries.ts';
import { type CommandFor, hasReceiver } from './failed-text.ts';
import { type Done, workOnEntries } from './work-on-entries.ts';
import type { CliWorld, OpenStack } from './world.ts';

/** `failed retry`: sends what was given up again. Returns the exit code. */
export function retryChosen(
  stack: OpenStack,
  world: CliWorld,
  commandFor: CommandFor,
  { choice, yes }: { readonly choice: Choice; readonly yes: boolean },
): Promise<number> {
  return workOnEntries(stack, world, commandFor, {
    choice,
    yes,
    question: (count) =>
      `Send ${count} again? They go out within a minute; what has attempts of unknown outcome may arrive twice.`,
    work: async ({ item }) =>
      hasReceiver(stack.config, item)
        ? doneBy(await retryFailed({ ledger: stack.ledger, clock: world.clock }, item))
        : NOBODY,
  });
}

function doneBy(outcome: RetryOutcome): Done {
  switch (outcome.kind) {
    case 'held':
      return { says: 'goes out within a minute.', isDone: true, isListed: false };
    case 'settled':
      return { says: `${SETTLED[outcome.is]}; taken off the list.`, isDone: true, isListed: false };
    case 'under-way':
      return {
        says: 'is being tried just now; run this again in a few minutes.',
        isDone: false,
        isListed: true,
      };
    case 'row-gone':
      return {
        says: 'the alert itself is no longer kept and cannot be sent; it can only be dismissed.',
        isDone: false,
        isListed: true,
      };
    case 'no-delivery':
      return {
        says: 'there is no message to send; it can only be dismissed.',
        isDone: false,
        isListed: true,
      };
  }
}

/** Sent back, it would be taken for told to nobody, and no entry would be left. */
const NOBODY: Done = {
  says: 'that receiver or channel is not in the file any more; put it back first, or dismiss this.',
  isDone: false,
  isListed: true,
};

const SETTLED = { sent: 'was sent meanwhile', suppressed: 'is not to be told any more' } as const;
