import { existsSync, readFileSync } from 'node:fs';

/** When, by what and on what figures were measured. */
export type Measured = {
  readonly command: string;
  readonly date: string;
  readonly hardware: { readonly cpu: string; readonly cores: number; readonly node: string };
};

export type Counts = Readonly<Record<string, number>>;

export type SimulateRecord = Measured & {
  readonly seconds: number;
  readonly seeds: { readonly first: number; readonly last: number };
  readonly historiesPerSecond: number;
  readonly histories: number;
  readonly owed: number;
  readonly invocations: number;
  readonly published: number;
  readonly calls: number;
  readonly faults: Counts;
  readonly holds: boolean;
  readonly crashPoints?: {
    readonly stops: number;
    readonly byKind: Counts;
    readonly byScenario: Counts;
    readonly broken: number;
  };
};

export type CaughtBug = {
  readonly name: string;
  readonly what: string;
  readonly file: string;
  readonly swaps?: readonly [string, string];
  readonly histories?: number;
  readonly scenario?: string;
  readonly invariant: string;
};

export type CatchUp = {
  readonly hoursWithoutTicks: number;
  readonly eventsInGap: number;
  readonly alertsOwed: number;
  readonly alertsTold: number;
  readonly ticksUntilFreshAlert: number;
  readonly ticksUntilRead: number;
  readonly ticksUntilTold: number;
  readonly pagesPerTickMax: number;
  readonly emails: number;
};

/** Everything docs/reliability.md says in numbers. */
export type Records = {
  readonly ci: SimulateRecord;
  /** As many histories as a night allows; undefined: not recorded since the code last changed. */
  readonly long?: SimulateRecord;
  readonly bugs: Measured & { readonly bugs: readonly CaughtBug[] };
  readonly mutation?: Measured & { readonly scores: Readonly<Record<string, MutationScore>> };
  readonly fuzz: Measured & {
    readonly environment?: Readonly<Record<string, string>>;
    readonly counts: readonly { readonly name: string; readonly inputs: number; readonly judged: number }[];
    readonly failures: readonly string[];
  };
  readonly kills: Measured & Counts;
  readonly storm: Measured & Counts;
  readonly catchUp: Measured & Readonly<Record<string, CatchUp>>;
  readonly isolation: Measured & {
    readonly apps: number;
    readonly broken: number;
    readonly troubles: readonly string[];
    readonly minutes: number;
    readonly alerts: number;
    readonly delayP99SecondsAlone: number;
    readonly delayP99SecondsBesideBroken: number;
    readonly p99ChangePercent: number;
    readonly laterTicksMax: number;
  };
};

export type MutationScore = {
  readonly mutants: number;
  readonly killed: number;
  readonly timeout: number;
  readonly survived: number;
  readonly noCoverage: number;
  readonly score: number;
};

const FILES: Readonly<Record<keyof Records, string>> = {
  ci: 'simulate-ci',
  long: 'simulate-long',
  bugs: 'bugs',
  mutation: 'mutation',
  fuzz: 'fuzz',
  kills: 'kills',
  storm: 'storm',
  catchUp: 'catch-up',
  isolation: 'isolation',
};

/** Those that take an hour or more, and may be missing. */
const OPTIONAL: ReadonlySet<string> = new Set(['long', 'mutation']);

/** Reads docs/records. @throws Error naming the first record that is missing, or no JSON. */
export function readRecords(): Records {
  const entries = Object.entries(FILES).flatMap(([name, file]) => {
    const path = new URL(`../../../docs/records/${file}.json`, import.meta.url);
    if (OPTIONAL.has(name) && !existsSync(path)) return [];
    return [[name, JSON.parse(readFileSync(path, 'utf8'))] as const];
  });
  return Object.fromEntries(entries) as Records;
}
