import { Argument, Command, CommanderError, Option } from 'commander';
import { CannotDoError } from './cannot-do.ts';
import { explainFailure } from './explain-failure.ts';
import { dismissChosen } from './failed-dismiss.ts';
import { type Choice, parseChoice } from './failed-entries.ts';
import { listFailed } from './failed-list.ts';
import { retryChosen } from './failed-retry.ts';
import type { CommandFor } from './failed-text.ts';
import { type CliWorld, commandFor, type Location, type OpenStack } from './world.ts';

const DONE = 0;
const NOT_DONE = 1;
const USAGE = 2;

type Action = (stack: OpenStack, commandFor: CommandFor) => Promise<number>;

/** Runs one command line. Returns the exit code: 0, 1 when something could not be done, 2 for a mistake in the line. */
export async function runProgram(argv: readonly string[], world: CliWorld): Promise<number> {
  let code = DONE;
  const program = describeProgram(world, async (action) => {
    code = await onStack(program.opts<Location>(), world, action);
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : USAGE;
    if (!(error instanceof CannotDoError)) throw error;
    world.complain(error.message);
    return NOT_DONE;
  }
}

async function onStack(location: Location, world: CliWorld, action: Action): Promise<number> {
  const stack = world.open(location);
  try {
    return await action(stack, (words) => commandFor(location, words));
  } catch (error) {
    throw explainFailure(error, stack.place);
  } finally {
    stack.close();
  }
}

function describeProgram(world: CliWorld, run: (action: Action) => Promise<void>): Command {
  const program = new Command('signals-alerts')
    .description('Looks into a running stack of signals-alerts, and mends it.')
    .option('--config <path>', 'the file of the stack (default: alerts.yaml, or that of the local run)')
    .option('--region <region>', 'where the stack is, if not where its file says')
    .addOption(new Option('--local <dir>', 'a local run: what it was given as --data').conflicts('region'))
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    // Without the line break, which comes with every line here.
    .configureOutput({
      writeOut: (text) => world.say(text.trimEnd()),
      writeErr: (text) => world.complain(text.trimEnd()),
    });
  const failed = program
    .command('failed')
    .description('what was given up: the list behind the alarm "failed"');
  failed
    .command('list')
    .description('show it, with what to do about each entry')
    .action(() => run((stack, commandOf) => listFailed(stack, world, commandOf)));
  choosing(failed.command('retry').description('send entries again')).action((choice: Choice, { yes }) =>
    run((stack, commandOf) => retryChosen(stack, world, commandOf, { choice, yes: yes === true })),
  );
  choosing(failed.command('dismiss').description('take entries off the list, sending nothing')).action(
    (choice: Choice, { yes }) =>
      run((stack, commandOf) => dismissChosen(stack, world, commandOf, { choice, yes: yes === true })),
  );
  return program;
}

function choosing(command: Command) {
  return command
    .addArgument(
      new Argument('<which>', 'the number of an entry, the reference of an alert, or all').argParser(
        parseChoice,
      ),
    )
    .option('--yes', 'do not ask before working on all of them');
}
