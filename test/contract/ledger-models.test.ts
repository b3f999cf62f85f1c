import { memoryLedger } from '../../lib/adapters/memory/ledger.ts';
import type { Ledger } from '../../lib/ports/ledger.ts';
import { ledgerModel } from '../simulation/ports/ledger-model.ts';
import { emptyTruth } from '../simulation/ports/ledger-truth.ts';
import { modelled } from '../simulation/wire/modelled.ts';
import { describeLedger } from './ledger-contract.ts';
import { NOW_MS } from './ledger-values.ts';
import { modelledWorld } from './modelled-world.ts';

describeLedger('the simulator, as a port', async () => {
  const { simulation, life, driven } = modelled(NOW_MS);
  const store = memoryLedger();
  const model = ledgerModel({ simulation, store, truth: emptyTruth(), onWrite: () => undefined }, life);
  // What a person alone does is no call of an invocation: it goes to what the model is kept in.
  const { reopen } = store.rows;
  const { remove } = store.failed;
  const ledger: Ledger = {
    ...model,
    rows: { ...model.rows, reopen },
    failed: { ...model.failed, remove },
  };
  return { ledger: driven(ledger), close: () => Promise.resolve() };
});

describeLedger('the simulator, as a table below the adapter', async () => {
  const world = await modelledWorld({ parts: 'adapters', startMs: NOW_MS, eventAgesMs: [] });
  return { ledger: world.driven(world.parts.ledgerOf(world.life)), close: world.close };
});
