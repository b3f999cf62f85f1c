import type { AlertConfig } from '../domain/alert-config.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';

/** Which stack a command is about. */
export type Location = {
  /** Undefined: the file of the local run, or `alerts.yaml`. */
  readonly config?: string | undefined;
  readonly region?: string | undefined;
  /** The data folder of a local run; undefined: a stack in AWS. */
  readonly local?: string | undefined;
};

/** The table of a stack, as a person would look for it. */
export type Place = {
  readonly tableName: string;
  readonly region: string;
  /** Of a local run; undefined in AWS. */
  readonly url: string | undefined;
};

/** A stack that commands may work on. */
export type OpenStack = {
  readonly config: AlertConfig;
  readonly ledger: Ledger;
  readonly place: Place;
  close(): void;
};

/** What commands need of the terminal and the machine. */
export type CliWorld = {
  readonly clock: Clock;
  say(line: string): void;
  /** About something that went wrong. */
  complain(line: string): void;
  /** Asks for a yes; undefined where nobody is at the terminal. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  /** @throws CannotDoError when there is no such stack to open. */
  open(location: Location): OpenStack;
};

/** The command that leads to the same stack, for a person to copy. */
export function commandFor(location: Location, words: string): string {
  const options = (['config', 'region', 'local'] as const).flatMap((name) => {
    const value = location[name];
    return value === undefined ? [] : [` --${name} ${/^[\w./:@-]+$/.test(value) ? value : `"${value}"`}`];
  });
  return `npx signals-alerts ${words}${options.join('')}`;
}
