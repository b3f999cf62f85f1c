import { DateTime } from 'luxon';
import type { AlertConfig } from '../domain/alert-config.ts';
import type { Failure } from '../domain/app-state.ts';
import type { AppKey } from '../domain/identity.ts';
import type { Ledger } from '../ports/ledger.ts';

/** Tells when an app starts failing, fails differently, or recovers: once each, from the apps' own states. */
export function watchTroubles(
  ledger: Ledger,
  config: AlertConfig,
  tell: (line: string) => void,
): () => Promise<readonly string[]> {
  const known = new Map<AppKey, Failure['because']>();
  return async () => {
    const states = await ledger.apps.load(config.apps.map((app) => app.key));
    const failing: string[] = [];
    for (const app of config.apps) {
      const state = states.get(app.key)?.value;
      if (state?.failure === undefined) {
        if (known.delete(app.key)) tell(`${app.name} (${app.key}) is polled again.`);
        continue;
      }
      const trouble = `${app.name} (${app.key}) cannot be polled - ${state.failure.detail}`;
      failing.push(trouble);
      if (known.get(app.key) !== state.failure.because) tell(`${trouble}. ${nextTry(state.pollAfterMs)}`);
      known.set(app.key, state.failure.because);
    }
    return failing;
  };
}

function nextTry(pollAfterMs: number): string {
  const at = DateTime.fromMillis(pollAfterMs);
  const when = at > DateTime.now() ? `at ${at.toFormat('HH:mm:ss')}` : 'at the next tick';
  return `Other apps go on; it is tried again ${when}.`;
}
