import { existsSync, readFileSync } from 'node:fs';
import type { Circumstances } from '../../fixtures/record.ts';
import type { CatchUpFigures } from '../../simulation/measure/catch-up.ts';
import type { IsolationFigures } from '../../simulation/measure/isolation.ts';
import type { Score } from '../mutation/score.ts';

export type Counts = Readonly<Record<string, number>>;

export type SimulateRecord = Circumstances & {
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

/** Everything docs/reliability.md says in numbers. */
export type Records = {
  readonly ci: SimulateRecord;
  /** As many histories as a night allows; undefined: not recorded since the code last changed. */
  readonly long?: SimulateRecord;
  readonly bugs: Circumstances & { readonly bugs: readonly CaughtBug[] };
  readonly mutation?: Circumstances & { readonly scores: Readonly<Record<string, Score>> };
  readonly fuzz: Circumstances & {
    readonly environment?: Readonly<Record<string, string>>;
    readonly counts: readonly { readonly name: string; readonly inputs: number; readonly judged: number }[];
    readonly failures: readonly string[];
  };
  readonly kills: Circumstances & Counts;
  readonly storm: Circumstances & Counts;
  readonly catchUp: Circumstances & Readonly<Record<string, CatchUpFigures>>;
  readonly isolation: Circumstances & IsolationFigures;
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
