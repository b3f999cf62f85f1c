import type { AppKey } from '../../../lib/domain/identity.ts';
import type { EventSource } from '../../../lib/ports/event-source.ts';
import { SECOND_MS, shownDateMs } from '../history.ts';
import { violate } from '../simulation-state.ts';
import { hashOf } from '../truth.ts';
import type { World } from '../world.ts';
import { toldRows } from './told.ts';

/** Longest that clocks may differ. */
const SKEW_MS = 5 * SECOND_MS;

/** The source, watched: nothing is read of an app before its start and those of its rules are written. */
export function watchedSource(world: World, source: EventSource): EventSource {
  return {
    readPage: (request) => {
      const state = world.truth.apps.get(request.app.key);
      if (state === undefined || state.rulesHash === '') {
        violate(world.simulation, 'S13', `${request.app.key} is read and its starts are not written`);
      }
      return source.readPage(request);
    },
  };
}

/** Under an unknown zone, what was there before an app started and is dated before it is never told. */
export function historyIsSeeded(world: World): void {
  const { history, truth } = world;
  if (history.phases.length > 1) return;
  const { apps, rules } = history.phases[0].config;
  const unset = new Set<AppKey>(apps.filter((app) => !app.timeZoneIsSet).map((app) => app.key));
  const lookingBack = new Set(rules.filter(({ when }) => when.sinceMs !== undefined).map(({ name }) => name));
  for (const rowId of toldRows(world)) {
    const facts = truth.rows.get(rowId)?.facts;
    if (facts === undefined || !unset.has(facts.app) || lookingBack.has(facts.rule)) continue;
    if (wasThereBefore(world, facts.app, facts.event)) {
      violate(world.simulation, 'I9', `${rowId} was there before its app started`);
    }
  }
}

function wasThereBefore({ history, truth }: World, app: AppKey, hash: string): boolean {
  const traits = history.apis[app];
  const startedMs = truth.startedMs.get(app);
  // An unstable order may hide a record from any reading.
  if (traits === undefined || startedMs === undefined || traits.order === 'unstable-ties') return false;
  return history.records
    .filter((record) => record.app === app && hashOf(record) === hash)
    .every(
      (record) =>
        record.visibleFromMs < startedMs - SKEW_MS &&
        record.later === undefined &&
        !record.undated &&
        shownDateMs(record, traits) < startedMs - SKEW_MS,
    );
}
