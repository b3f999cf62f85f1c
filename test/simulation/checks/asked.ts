import type { App } from '../../../lib/domain/alert-config.ts';
import type { AppState } from '../../../lib/domain/app-state.ts';
import { MINUTE_MS, phaseAt } from '../history.ts';
import { asOf } from '../ports/ledger-truth.ts';
import { violate } from '../simulation-state.ts';
import type { World } from '../world.ts';

/** After this, what died before faults stopped holds no lease any more. */
const SETTLED_MS = 3 * MINUTE_MS;

/**
 * When faults have stopped, every app that does not fail is asked in every second tick. What failed before may still
 * wait, as may the other apps of a client that is asked to.
 */
export function healthyAppsAreAsked(world: World): void {
  const { history } = world;
  const { config, mixedUntilMs } = phaseAt(history, history.endMs);
  const fromMs = Math.max(history.healMs, mixedUntilMs) + SETTLED_MS;
  const ticksMs = history.ticksMs.filter((tickMs) => tickMs >= fromMs);
  for (const app of config.apps) {
    if (!config.rules.some(({ when }) => when.apps.length === 0 || when.apps.includes(app.app))) continue;
    for (const [index, tickMs] of ticksMs.entries()) {
      const nextMs = ticksMs[index + 1];
      if (nextMs === undefined || nextMs - tickMs > MINUTE_MS) continue;
      checkSpan(world, app, config.apps, { fromMs: tickMs, untilMs: nextMs + MINUTE_MS });
    }
  }
}

function checkSpan(
  world: World,
  app: App,
  apps: readonly App[],
  span: { readonly fromMs: number; readonly untilMs: number },
): void {
  const { fromMs, untilMs } = span;
  const [first, ...later] = statesIn(world, app, span);
  if (first === undefined || first.owner !== undefined || first.pollAfterMs > fromMs) return;
  const fails = [first, ...later].some(({ failure }) => failure !== undefined);
  const isHeldBack = apps.some(
    (other) =>
      other.client === app.client &&
      statesIn(world, other, span).some(({ failure }) => failure?.because === 'rate-limited'),
  );
  if (fails || isHeldBack) return;
  const asked = world.api.askedMs.get(app.key) ?? [];
  if (asked.some((atMs) => atMs >= fromMs && atMs < untilMs)) return;
  violate(world.simulation, 'I4', `${app.key} is not asked from ${fromMs} until ${untilMs}`);
}

/** The state at the start of a span, and every other until its end. */
function statesIn(
  { truth }: World,
  { key }: App,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): readonly AppState[] {
  const past = truth.pastApps.get(key);
  const first = asOf(past, fromMs);
  const later = (past ?? []).filter(({ atMs }) => atMs > fromMs && atMs < untilMs);
  return [...(first === undefined ? [] : [first.value]), ...later.map(({ value }) => value.value)];
}
