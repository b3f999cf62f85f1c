import { dirname } from 'node:path';

/** The part of Stryker's JSON report that is counted. */
export type MutationReport = {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
};

export type Score = {
  readonly mutants: number;
  readonly killed: number;
  /** A change after which a test does not end is one that was noticed. */
  readonly timeout: number;
  readonly survived: number;
  readonly noCoverage: number;
  /** Left out by the configuration, with a reason there; not part of the other figures. */
  readonly ignored: number;
  /** Percent of the mutants that were noticed. */
  readonly score: number;
};

/** What became of the mutants of each folder, and of all of them. */
export function scoresOf(report: MutationReport): Readonly<Record<string, Score>> {
  const files = Object.entries(report.files);
  const byFolder = Map.groupBy(files, ([file]) => dirname(file));
  const folders = [...byFolder].map(([folder, inIt]) => [folder, scoreOf(inIt)] as const);
  return Object.fromEntries([...folders.toSorted(([a], [b]) => (a < b ? -1 : 1)), ['all', scoreOf(files)]]);
}

function scoreOf(files: readonly (readonly [string, MutationReport['files'][string]])[]): Score {
  const statuses = files.flatMap(([, { mutants }]) => mutants.map(({ status }) => status));
  const count = (status: string): number => statuses.filter((one) => one === status).length;
  const [killed, timeout, survived, noCoverage] = [
    count('Killed'),
    count('Timeout'),
    count('Survived'),
    count('NoCoverage'),
  ];
  const mutants = killed + timeout + survived + noCoverage;
  const score = mutants === 0 ? 0 : Math.floor(((killed + timeout) / mutants) * 10_000) / 100;
  return { mutants, killed, timeout, survived, noCoverage, ignored: count('Ignored'), score };
}
