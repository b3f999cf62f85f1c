import type { AppKey } from '../../lib/domain/identity.ts';
import type { History, Phase } from './history.ts';
import type { LedgerTruth } from './ports/ledger-truth.ts';
import type { PublisherModel } from './ports/publisher-model.ts';
import type { SignalsModel } from './ports/signals-model.ts';
import type { Life, Simulation } from './simulation-state.ts';
import type { Observed } from './truth.ts';

/** One history as it runs: its models and what they know. */
export type World = {
  readonly simulation: Simulation;
  readonly history: History;
  readonly truth: LedgerTruth;
  readonly publisher: PublisherModel;
  readonly api: SignalsModel;
  readonly lives: readonly Life[];
  /** Where the watermark of each app stood when a file came into force. */
  readonly watermarksMs: ReadonlyMap<AppKey, ReadonlyMap<Phase, number>>;
};

export function observedOf({ truth, api }: World): Observed {
  const { startedMs, seededMs, ruleKnownMs } = truth;
  return { startedMs, seededMs, ruleKnownMs, deletedAtMs: api.deletedAtMs };
}
