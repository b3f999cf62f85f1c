import type { App } from '../../lib/domain/alert-config.ts';
import { alertConfig, appOf } from '../fixtures/alert-config.ts';
import type { ApiRecord, ApiTraits, History, Parts } from '../simulation/history.ts';
import { emptyTruth } from '../simulation/ports/ledger-truth.ts';
import type { Published } from '../simulation/ports/publisher-model.ts';
import { inContext } from '../simulation/wire/invocation-context.ts';
import { type Modelled, modelled } from '../simulation/wire/modelled.ts';
import { wireParts } from '../simulation/wire/wire-parts.ts';
import { portParts, type WorldParts } from '../simulation/world-parts.ts';

export const APP: App = appOf('c-1', '100', 'Store 100');

const PLAIN: ApiTraits = {
  rowsMax: 1_000,
  order: 'ascending',
  total: 'right',
  limit: 'applied',
  bounds: 'inclusive',
  refuses: 'nothing',
  shiftMs: 0,
  dates: 'second',
};

type Given = { readonly parts: Parts; readonly startMs: number; readonly eventAgesMs: readonly number[] };

/** The simulator's parts by themselves, called from outside a history. */
export type ModelledWorld = Modelled & {
  readonly parts: WorldParts;
  /** @throws Error when a check of the simulator found something. */
  close(): Promise<void>;
};

export async function modelledWorld(given: Given): Promise<ModelledWorld> {
  const model = modelled(given.startMs);
  const { simulation, life } = model;
  const parts = await partsOf(given, model);
  return {
    ...model,
    driven: (port) => model.driven(asInvocation(port)),
    parts,
    close: async () => {
      parts.close();
      if (simulation.violation !== undefined) throw new Error(JSON.stringify(simulation.violation));
    },
  };

  /** Requests below the port are those of the one invocation. */
  function asInvocation<Port extends object>(port: Port): Port {
    const entries = Object.entries(port).map(([name, part]: [string, unknown]) => {
      if (typeof part === 'function') {
        return [name, (...values: unknown[]) => inContext({ life, notes: [] }, () => part(...values))];
      }
      return [name, typeof part === 'object' && part !== null ? asInvocation(part) : part];
    });
    return Object.fromEntries(entries) as Port;
  }
}

function partsOf(given: Given, { simulation }: Modelled): WorldParts | Promise<WorldParts> {
  const nothing = (_noticed: Published | object): void => undefined;
  const history = historyOf(given);
  const made = { simulation, history, truth: emptyTruth(), onWrite: nothing, onPublish: nothing };
  return given.parts === 'adapters' ? wireParts(made) : portParts(made);
}

function historyOf({ parts, startMs, eventAgesMs }: Given): History {
  const phase = { fromMs: startMs, mixedUntilMs: startMs, config: alertConfig({ apps: [APP] }) };
  return {
    seed: 1,
    parts,
    startMs,
    rates: {},
    phases: [phase],
    apis: { [APP.key]: PLAIN },
    records: eventAgesMs.map((ageMs, index) => recordOf(`event-${index}`, startMs - ageMs)),
    outages: [],
    operatorMs: [],
    shardAppsMax: 100,
    turnRowsMax: 200,
    ticksMs: [],
    healMs: startMs,
    endMs: startMs,
  };
}

function recordOf(id: string, createdMs: number): ApiRecord {
  return {
    name: id,
    app: APP.key,
    id,
    phone: '12025550123',
    createdMs,
    visibleFromMs: createdMs,
    messageFromMs: createdMs,
    deletedAtMs: undefined,
    first: { type: 'keyword', text: 'order' },
    later: undefined,
    undated: false,
  };
}
