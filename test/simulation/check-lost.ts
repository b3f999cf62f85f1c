import type { AppState } from '../../lib/domain/app-state.ts';
import type { AppKey } from '../../lib/domain/identity.ts';
import { DAY_MS, SECOND_MS } from './history.ts';
import { violate } from './simulation-state.ts';
import type { World } from './world.ts';

/** No plan reads further back, give or take what clocks differ. */
const REACH_MS = 28 * DAY_MS + 5 * SECOND_MS;

/** A mark passes what lies further back than any plan reads only when the failed list names it as never read. */
export function checkLost(
  { simulation, truth }: World,
  app: AppKey,
  before: AppState,
  after: AppState,
): void {
  const isPassed = after.watermarkMs > before.watermarkMs;
  const lostFromMs = Math.max(before.watermarkMs, before.historyFromMs);
  if (!isPassed || lostFromMs >= simulation.time.nowMs() - REACH_MS) return;
  if (!truth.failed.has(`- app#${app}|state`)) {
    violate(
      simulation,
      'S4',
      `the watermark of ${app} passed ${lostFromMs}, which nothing read and nobody lists`,
    );
  }
}
