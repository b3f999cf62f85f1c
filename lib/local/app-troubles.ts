import { DateTime } from 'luxon';
import type { AlertConfig } from '../domain/alert-config.ts';
import type { AppState, Failure } from '../domain/app-state.ts';
import type { AppKey } from '../domain/identity.ts';
import type { Ledger } from '../ports/ledger.ts';

/** How the run goes on after a failure. */
export type TroubleContext = {
  readonly tell: (line: string) => void;
  readonly nowMs: () => number;
  /** Time between two ticks. */
  readonly everyMs: number;
  /** False: the run may end with this tick, and nothing is said of a next try. */
  readonly goesOn: boolean;
};

type Told = { readonly because: Failure['because']; readonly pollAfterMs: number };

/**
 * Looks at the apps' own states after a tick and tells when an app starts failing, fails differently, is left alone for
 * longer, or recovers. Returns what fails now.
 */
export function watchTroubles(
  ledger: Pick<Ledger, 'apps'>,
  config: Pick<AlertConfig, 'apps'>,
  context: TroubleContext,
): () => Promise<readonly string[]> {
  const told = new Map<AppKey, Told>();
  return async () => {
    const states = await ledger.apps.load(config.apps.map((app) => app.key));
    const failing: string[] = [];
    for (const app of config.apps) {
      const state = states.get(app.key)?.value;
      const label = `${app.name} (${app.key})`;
      if (state?.failure === undefined) {
        if (told.delete(app.key)) context.tell(`${label} is polled again.`);
        continue;
      }
      failing.push(`${label} cannot be polled - ${state.failure.detail}`);
      const line = lineOf(label, state, state.failure, told.get(app.key), context);
      if (line === undefined) continue;
      context.tell(line);
      told.set(app.key, { because: state.failure.because, pollAfterMs: state.pollAfterMs });
    }
    return failing;
  };
}

/** Undefined when there is nothing new to say. */
function lineOf(
  label: string,
  { pollAfterMs }: Pick<AppState, 'pollAfterMs'>,
  failure: Failure,
  before: Told | undefined,
  { nowMs, everyMs, goesOn }: TroubleContext,
): string | undefined {
  const waits = pollAfterMs > nowMs() + everyMs;
  const when = waits ? `at ${DateTime.fromMillis(pollAfterMs).toFormat('HH:mm:ss')}` : 'at the next tick';
  if (before?.because !== failure.because) {
    const trouble = `${label} cannot be polled - ${failure.detail}`;
    return goesOn ? `${trouble}. Other apps go on; it is tried again ${when}.` : trouble;
  }
  if (!waits || pollAfterMs <= before.pollAfterMs) return undefined;
  const still = `${label} is still failing (${failure.count} times)`;
  return goesOn ? `${still}; tried again ${when}.` : `${still}.`;
}
