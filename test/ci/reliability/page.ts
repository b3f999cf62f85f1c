import type { Circumstances } from '../../fixtures/record.ts';
import { INVARIANTS } from '../../simulation/invariants.ts';
import type { CatchUpFigures } from '../../simulation/measure/catch-up.ts';
import type { CaughtBug, Counts, Records, SimulateRecord } from './records.ts';

/** docs/reliability.md: every figure from a record, every record with its command. */
export function reliabilityPage(records: Records): string {
  return [
    INTRODUCTION,
    invariants(),
    histories(records.ci, records.long),
    faults(records.ci),
    crashPoints(records.ci),
    bugs(records.bugs),
    orders(records.bugs),
    mutations(records.mutation),
    fuzzing(records.fuzz),
    kills(records.kills),
    load(records),
  ].join('\n');
}

const INTRODUCTION = `# Reliability, measured

Written by \`npm run reliability\` from the records in [docs/records](records): change those, not this page. Each section
names the command that gives its figures again, the day it ran and the machine. Seeds make runs repeatable; seconds
depend on the machine, and nothing here is a promise of speed.

What is promised stands in the [README](../README.md#what-is-promised). This page says how it was tried.
`;

function invariants(): string {
  const rows = Object.entries(INVARIANTS).map(([name, { says }]) => [name, says]);
  return section('What must hold', [
    'Checked at every write, at every publish and at the end of every history (`test/simulation/invariants.ts`):',
    table(['', 'invariant'], rows),
  ]);
}

function histories(ci: SimulateRecord, long: SimulateRecord | undefined): string {
  const row = (name: string, run: SimulateRecord): readonly string[] => [
    name,
    number(run.histories),
    `${number(run.seeds.first)}–${number(run.seeds.last)}`,
    number(run.owed),
    number(run.invocations),
    number(run.calls),
    number(run.published),
    run.holds ? 'none' : 'SOME',
  ];
  return section('Histories', [
    'A history draws a file and its changes, an API with its habits, leads and what goes wrong, runs the real use cases ' +
      'through it in virtual time, then lets everything heal, and must drain within nineteen ticks. One in twenty-five, and ' +
      'all beyond the first 25,000, go through the real adapters and SDK clients, over models of the wire.',
    table(
      ['run', 'histories', 'seeds', 'alerts owed', 'invocations', 'calls', 'publishes', 'broken promises'],
      [row('as in CI', ci), ...(long === undefined ? [] : [row('long', long)])],
    ),
    measured(ci),
    long === undefined ? notYet('A run of a million histories') : measured(long),
  ]);
}

function faults({ faults: fired }: SimulateRecord): string {
  const rows = Object.entries(fired).map(([kind, times]) => [kind, number(times)]);
  return section('Faults', [
    `${rows.length} kinds, as often as they fired in the run of CI, which fails where one stays below 1,000:`,
    table(['kind', 'fired'], rows),
  ]);
}

function crashPoints({ crashPoints: points }: SimulateRecord): string {
  if (points === undefined) throw new Error('the record of CI has no crash points');
  return section('Every crash point', [
    `${Object.keys(points.byScenario).length} scenarios, each stopped before and after every single call, one at a time, ` +
      `started again and drained: ${number(points.stops)} runs, ${points.broken} broken promises. By kind of effect:`,
    counts('effect', 'stops', points.byKind),
    'By scenario:',
    counts('scenario', 'stops', points.byScenario),
  ]);
}

function bugs(record: Records['bugs']): string {
  const mistakes = record.bugs.filter((bug) => bug.swaps === undefined);
  const inAdapters = mistakes.filter(({ file }) => /^lib\/(adapters|signals)\//.test(file)).length;
  return section('Proof that the proof can fail', [
    `${mistakes.length} mistakes, ${inAdapters} of them in adapters, put into the code one at a time while it is loaded. ` +
      'Each must be caught within 1,000 histories.',
    table(
      ['mistake', 'file', 'caught after', 'by'],
      mistakes.map((bug) => [bug.what, code(bug.file), caughtAfter(bug), bug.invariant]),
    ),
    measured(record),
  ]);
}

function orders(record: Records['bugs']): string {
  const swaps = record.bugs.filter((bug) => bug.swaps !== undefined);
  return section('The order of effects', [
    'Effects whose order a comment in `lib/use-cases` justifies, swapped one pair at a time:',
    table(
      ['first', 'then', 'file', 'swapped, caught after', 'by'],
      swaps.map((bug) => [
        bug.swaps?.[0] ?? '',
        bug.swaps?.[1] ?? '',
        code(bug.file),
        caughtAfter(bug),
        bug.invariant,
      ]),
    ),
  ]);
}

function caughtAfter({ histories: count, scenario }: CaughtBug): string {
  if (count !== undefined) return count === 1 ? 'the first history' : `${number(count)} histories`;
  return `scenario “${scenario}”`;
}

function mutations(record: Records['mutation']): string {
  if (record === undefined) {
    return section('Mutation testing', [
      notYet('A whole run of Stryker over the domain and the use cases (`npm run mutate`)'),
    ]);
  }
  const rows = Object.entries(record.scores).map(([folder, score]) => [
    folder === 'all' ? '**all**' : code(folder),
    number(score.mutants),
    number(score.killed),
    number(score.timeout),
    number(score.survived + score.noCoverage),
    `${score.score} %`,
  ]);
  return section('Mutation testing', [
    'Every small change that Stryker knows, in the domain and the use cases; at least 85 % must make a test fail:',
    table(['folder', 'mutants', 'killed', 'timed out', 'survived', 'score'], rows),
    measured(record),
  ]);
}

function fuzzing(record: Records['fuzz']): string {
  const settings = Object.entries(record.environment ?? {}).map(([name, value]) => `${name}=${value}`);
  return section('Fuzzing', [
    `Drawn inputs that must not break a promise; ${record.failures.length} did:`,
    table(
      ['what', 'inputs', 'judged'],
      record.counts.map(({ name, inputs, judged }) => [name, number(inputs), number(judged)]),
    ),
    measured({ ...record, command: [...settings, record.command].join(' ') }),
  ]);
}

function kills(record: Records['kills']): string {
  const { command: _, date: __, hardware: ___, ...figures } = record;
  return section('Killed at random moments', [
    '`npm start --data` with all its processes, killed by SIGKILL again and again while the API outside goes on; counted ' +
      'from the inbox. A repeat is in the gap when its first message left right before a kill:',
    counts('', 'count', figures),
    measured(record),
  ]);
}

function load({ storm, catchUp, isolation }: Records): string {
  const { command: _, date: __, hardware: ___, ...stormFigures } = storm;
  const { command: ____, date: _____, hardware: ______, ...outages } = catchUp;
  const shown = (run: CatchUpFigures): readonly string[] => [
    number(run.hoursWithoutTicks),
    number(run.eventsInGap),
    `${number(run.alertsTold)} of ${number(run.alertsOwed)}`,
    number(run.ticksUntilFreshAlert),
    number(run.ticksUntilRead),
    number(run.ticksUntilTold),
    number(run.pagesPerTickMax),
    number(run.emails),
  ];
  return section('Storm, outage, bad neighbours', [
    'A storm of matching events within a minute. Every one is in a message, by name or by count:',
    counts('', 'count', stormFigures),
    measured(storm),
    'An outage of the scheduler. The newest window is read first, then the gap, oldest first, within the pages of a tick; ' +
      'what is told late says so, and comes as digests:',
    table(
      [
        'hours',
        'events',
        'told of owed',
        'ticks to first fresh',
        'to all read',
        'to all told',
        'pages a tick',
        'e-mails',
      ],
      Object.values(outages).map(shown),
    ),
    measured(catchUp),
    `${isolation.broken} of ${isolation.apps} apps are broken in as many ways (${isolation.troubles.join(', ')}) for ` +
      `${isolation.minutes} minutes. Of ${number(isolation.alerts)} alerts of the others, 99 % were told within ` +
      `${isolation.delayP99SecondsBesideBroken} s, without bad neighbours within ${isolation.delayP99SecondsAlone} s ` +
      `(${isolation.p99ChangePercent} % more); none came more than ${isolation.laterTicksMax} tick later.`,
    measured(isolation),
  ]);
}

function notYet(what: string): string {
  return `${what} has not been recorded since the code last changed.`;
}

function section(title: string, paragraphs: readonly string[]): string {
  return [`## ${title}`, ...paragraphs].join('\n\n').concat('\n');
}

function measured({ command, date, hardware: { cpu, cores, node } }: Circumstances): string {
  return `\`${command}\`, ${date.slice(0, 10)}, ${cpu}, ${cores} cores, Node ${node}.`;
}

function counts(name: string, unit: string, figures: Counts): string {
  return table(
    [name, unit],
    Object.entries(figures).map(([what, count]) => [what, number(count)]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function code(text: string): string {
  return `\`${text}\``;
}
