import { beforeEach, describe } from 'vitest';
import type { Ledger } from '../../lib/ports/ledger.ts';
import { describeLists } from './list-contract.ts';
import { describeRows } from './row-contract.ts';
import { describeSwaps } from './swap-contract.ts';

/** An empty ledger, for one test. */
export type FreshLedger = { readonly ledger: Ledger; close(): Promise<void> };

/** What every ledger promises, whatever it is kept in. */
export function describeLedger(name: string, make: () => Promise<FreshLedger>): void {
  describe(`the ledger in ${name}`, () => {
    let fresh: FreshLedger;
    beforeEach(async () => {
      fresh = await make();
      return () => fresh.close();
    });
    const ledger = () => fresh.ledger;
    describeSwaps(ledger);
    describeRows(ledger);
    describeLists(ledger);
  });
}
