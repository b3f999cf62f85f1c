import { Command, InvalidArgumentError, Option } from 'commander';
import { ALL_BUGS } from '../bugs/all-bugs.ts';
import type { Parts } from '../history.ts';

/** What `npm run simulate --` takes. */
export type SimulateOptions = {
  readonly seed: number;
  readonly histories: number;
  /** Goes on until every kind of fault has fired this often. */
  readonly untilFaults: number | undefined;
  /** Longest that `untilFaults` may take. */
  readonly minutes: number;
  readonly workers: number;
  /** Undefined: each history draws whether it runs through the adapters. */
  readonly parts: Parts | undefined;
  readonly crashPoints: boolean;
  readonly trace: boolean;
  readonly hash: boolean;
  readonly bug: string | undefined;
  readonly bugs: boolean;
  readonly record: string | undefined;
};

/** Reads the command line. @throws CommanderError after it has printed help, or what is wrong. */
export function readOptions(argv: readonly string[]): SimulateOptions {
  const command = new Command('npm run simulate --')
    .description(
      [
        'Runs the use cases through random histories in which everything goes wrong, and checks every promise.',
        'Then stops each scenario before and after every single call, and checks again.',
        'A history is its seed: the same number always gives the same history.',
      ].join('\n'),
    )
    .option('--seed <n>', 'the first seed', wholeNumber(0), 1)
    .option('--histories <k>', 'how many seeds', wholeNumber(0), 1_000)
    .option('--until-faults <count>', 'go on until each kind of fault has fired so often', wholeNumber(1))
    .option('--minutes <m>', 'the longest that --until-faults may take', wholeNumber(1), 10)
    .option('--workers <w>', 'threads that share the work; the outcome is the same', wholeNumber(1), 1)
    .addOption(
      new Option('--parts <what>', 'run all histories over ports, or all through the adapters').choices([
        'ports',
        'adapters',
      ]),
    )
    .option('--no-crash-points', 'leave the scenarios out')
    .addOption(alone('--trace', 'print every call of the first history'))
    .addOption(alone('--hash', 'print one hash for each history, of all that happened in it'))
    .addOption(
      alone('--bug <name>', 'put this mistake into the code and run until it is caught').argParser(knownBug),
    )
    .addOption(alone('--bugs', 'put each known mistake into the code by itself: all must be caught'))
    .option('--record <file>', 'write all figures to this file, as JSON')
    .addHelpText(
      'after',
      `
Exit codes: 0 all held (with --bugs: all were caught), 1 something broke, 2 wrong usage.

Examples:
  npm run simulate
  npm run simulate -- --seed 4711 --histories 1 --trace
  npm run simulate -- --histories 25000 --until-faults 1000 --workers 2 --record figures.json
  npm run simulate -- --bug record-before-publish`,
    )
    .allowExcessArguments(false)
    .exitOverride();
  const parsed = command.parse([...argv], { from: 'user' }).opts<Parsed>();
  return {
    ...parsed,
    untilFaults: parsed.untilFaults,
    parts: parsed.parts,
    trace: parsed.trace === true,
    hash: parsed.hash === true,
    bugs: parsed.bugs === true,
    bug: parsed.bug,
    record: parsed.record,
  };
}

type Parsed = Pick<SimulateOptions, 'seed' | 'histories' | 'minutes' | 'workers' | 'crashPoints'> & {
  readonly untilFaults?: number;
  readonly parts?: Parts;
  readonly trace?: boolean;
  readonly hash?: boolean;
  readonly bug?: string;
  readonly bugs?: boolean;
  readonly record?: string;
};

const MODES = ['trace', 'hash', 'bug', 'bugs'];

/** An option that changes what is done, and does not go with others that do. */
function alone(flags: string, what: string): Option {
  const name = flags.slice(2).split(' ')[0] ?? '';
  return new Option(flags, what).conflicts([...MODES.filter((mode) => mode !== name), 'untilFaults']);
}

function knownBug(name: string): string {
  const names = ALL_BUGS.map((bug) => bug.name);
  if (!names.includes(name)) throw new InvalidArgumentError(`expected one of: ${names.join(', ')}`);
  return name;
}

function wholeNumber(min: number): (text: string) => number {
  return (text) => {
    if (!/^\d+$/.test(text) || Number(text) < min || !Number.isSafeInteger(Number(text))) {
      throw new InvalidArgumentError(`expected a whole number from ${min} on, such as ${Math.max(min, 5)}`);
    }
    return Number(text);
  };
}
