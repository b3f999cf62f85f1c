import { InvalidArgumentError } from 'commander';
import { referenceOf } from '../domain/identity.ts';
import { type AlertRow, formatKey } from '../domain/ledger-row.ts';
import type { FailedItem, Ledger } from '../ports/ledger.ts';
import { CannotDoError } from './cannot-do.ts';

/** Entries that are shown and worked on at once. */
const ENTRIES_MAX = 1_000;

/** One entry of the failed list, as a person refers to it. */
export type Entry = {
  /** Its place in the list, from 1: the oldest first. */
  readonly number: number;
  readonly item: FailedItem;
  /** Undefined where there is none, or none any more. */
  readonly row: AlertRow | undefined;
  /** What the messages about the alert quote. */
  readonly reference: string | undefined;
};

export type EntryList = {
  readonly entries: readonly Entry[];
  /** There are more than are shown. */
  readonly isCut: boolean;
};

/** Which entries a person means. */
export type Choice =
  | { readonly kind: 'all' }
  | { readonly kind: 'number'; readonly number: number }
  /** Stays the same while numbers move up; may name several deliveries of one alert. */
  | { readonly kind: 'reference'; readonly reference: string };

/** What was given up, numbered, with the alerts it was about. */
export async function readEntries(ledger: Ledger): Promise<EntryList> {
  const items = await ledger.failed.list(ENTRIES_MAX + 1);
  const shown = items.slice(0, ENTRIES_MAX);
  const rows = await ledger.rows.lookUp(shown.filter(({ target }) => target !== '-').map(({ key }) => key));
  const entries = shown.map((item, index) => {
    const row = rows.get(formatKey(item.key));
    const reference = row === undefined ? undefined : referenceOf(row.facts.app, row.facts.event);
    return { number: index + 1, item, row, reference };
  });
  return { entries, isCut: items.length > shown.length };
}

/** @throws InvalidArgumentError when it is neither a number, nor a reference, nor `all`. */
export function parseChoice(text: string): Choice {
  if (text === 'all') return { kind: 'all' };
  if (/^[1-9]\d{0,5}$/.test(text)) return { kind: 'number', number: Number(text) };
  if (/^[\da-f]{2}-[\da-f]{8}$/i.test(text)) return { kind: 'reference', reference: text.toLowerCase() };
  throw new InvalidArgumentError('expected the number of an entry, the reference of an alert, or all');
}

/** @throws CannotDoError when there is no such entry. */
export function choose({ entries }: EntryList, choice: Choice): readonly Entry[] {
  const chosen = entries.filter(
    (entry) =>
      choice.kind === 'all' ||
      (choice.kind === 'number' ? entry.number === choice.number : entry.reference === choice.reference),
  );
  if (chosen.length > 0 || choice.kind === 'all') return chosen;
  const wanted = choice.kind === 'number' ? `number ${choice.number}` : `reference ${choice.reference}`;
  const found = entries.length === 0 ? 'the list is empty' : `the list has ${countOf(entries.length)}`;
  throw new CannotDoError(`expected an entry with ${wanted}, but ${found}; look at it again`);
}

/** `1 entry`, `2 entries`. */
export function countOf(count: number): string {
  return `${count} ${count === 1 ? 'entry' : 'entries'}`;
}
