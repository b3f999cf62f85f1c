import { throughGate } from '../ports/gate.ts';
import type { CallKind, Life, Simulation } from '../simulation-state.ts';

/** How one request goes there and back. */
export type Trip = {
  readonly thereMs: number;
  readonly backMs: number;
  /** When the client gives up on it, from its start. */
  readonly giveUpMs: number;
  /** `late`: after the client was told that it failed. */
  readonly applied: 'now' | 'late' | 'never';
  /** What the client gets in place of the answer; undefined: the answer. */
  readonly trouble: string | undefined;
};

/** What came of it for the client. */
export type Arrival<T> =
  | { readonly kind: 'answer'; readonly answer: T }
  | { readonly kind: 'trouble'; readonly trouble: string }
  | { readonly kind: 'gave-up' };

/** Sends a request over a modelled wire: through the gate, like every call of an invocation to the outside. */
export async function sendTrip<T>(
  simulation: Simulation,
  life: Life,
  request: { readonly kind: CallKind; readonly about: string },
  trip: Trip,
  apply: () => T,
): Promise<Arrival<T>> {
  const { giveUpMs, applied, trouble } = trip;
  const isTooLate = trip.thereMs + trip.backMs >= giveUpMs;
  const thereMs = Math.min(trip.thereMs, giveUpMs);
  const course = {
    thereMs,
    backMs: Math.min(trip.backMs, giveUpMs - thereMs),
    error: applied === 'late' ? ('late' as const) : undefined,
  };
  const about = [request.about, trouble, isTooLate ? 'too late' : undefined].filter(
    (part) => part !== undefined,
  );
  const arriving = throughGate(simulation, life, request.kind, about.join(' '), course, () =>
    // Not async: what is not modelled must stop the run, not fail a call.
    Promise.resolve(applied === 'never' ? undefined : { answer: apply() }),
  );
  // The gate itself fails only what is applied late.
  const arrived = await arriving.catch(() => undefined);
  if (isTooLate) return { kind: 'gave-up' };
  if (trouble !== undefined) return { kind: 'trouble', trouble };
  if (arrived === undefined) throw new Error(`a request that is applied ${applied} needs a trouble`);
  return { kind: 'answer', answer: arrived.answer };
}
