import type { Ledger } from '../../../lib/ports/ledger.ts';
import type { Simulation } from '../simulation-state.ts';
import type { Course } from './gate.ts';
import type { LedgerTruth, Write } from './ledger-truth.ts';

/** What a model of the ledger works with. */
export type LedgerParts = {
  readonly simulation: Simulation;
  readonly store: Ledger;
  readonly truth: LedgerTruth;
  /** Called after every write that took effect. */
  readonly onWrite: (write: Write) => void;
};

/** How a call to the ledger goes. An adapter settles most lost answers by a read; what is left is thrown. */
export function ledgerCourse(simulation: Simulation, writes: boolean): Course {
  const { faults, random } = simulation;
  const thereMs = random.int(1, 12);
  const backMs = wayBackMs(simulation);
  if (faults.fires('ledger-error')) return { thereMs, backMs, error: 'before' };
  if (writes && faults.fires('ledger-applied-error')) return { thereMs, backMs, error: 'after' };
  if (writes && faults.fires('ledger-applied-late')) return { thereMs, backMs, error: 'late' };
  return { thereMs, backMs };
}

function wayBackMs({ faults, random }: Simulation): number {
  if (faults.fires('ledger-hangs')) return random.int(5_000, 60_000);
  return faults.fires('ledger-slow') ? random.int(200, 4_000) : random.int(1, 12);
}

/** How far in the past an eventually consistent read answers. */
export function lagMs({ faults, random }: Simulation): number {
  return faults.fires('ledger-stale') ? random.int(1, 1_000) : 0;
}
