import { memoryLedger } from '../../lib/adapters/memory/ledger.ts';
import type { Ledger } from '../../lib/ports/ledger.ts';
import type { History } from './history.ts';
import { ledgerModel } from './ports/ledger-model.ts';
import type { LedgerTruth, Write } from './ports/ledger-truth.ts';
import { type Published, type PublisherModel, publisherModel } from './ports/publisher-model.ts';
import { type SignalsModel, signalsModel } from './ports/signals-model.ts';
import type { Life, Simulation } from './simulation-state.ts';

/** What the parts of a world are made with. */
export type PartsGiven = {
  readonly simulation: Simulation;
  readonly history: History;
  readonly truth: LedgerTruth;
  /** Called after every write that took effect. */
  readonly onWrite: (write: Write) => void;
  /** Called as each publish leaves. */
  readonly onPublish: (published: Published) => void;
};

/** What the use cases of one history find in place of the world. */
export type WorldParts = {
  readonly publisher: PublisherModel;
  readonly api: SignalsModel;
  readonly ledgerOf: (life: Life) => Ledger;
  /** Runs an invocation, so that all it calls is known as its own. */
  readonly runAs: <T>(life: Life, work: () => T) => T;
  /** When the history is over. */
  readonly close: () => void;
};

/** Models of the ports themselves: fast, and blind to mistakes of the adapters. */
export function portParts({ simulation, history, truth, onWrite, onPublish }: PartsGiven): WorldParts {
  const store = memoryLedger();
  return {
    publisher: publisherModel(simulation, onPublish),
    api: signalsModel(simulation, history),
    ledgerOf: (life) => ledgerModel({ simulation, store, truth, onWrite }, life),
    runAs: (_life, work) => work(),
    close: () => undefined,
  };
}
