import { shownDateMs } from '../history.ts';
import { violate } from '../simulation-state.ts';
import { earliestToldMs, hashOf } from '../truth.ts';
import type { World } from '../world.ts';

/** Keys of the rows that some accepted message is about. */
export function toldRows({ publisher }: World): ReadonlySet<string> {
  return new Set(publisher.published.flatMap((one) => (one.messageId ? one.rowIds : [])));
}

/** What is told is something the source had, under the identity it has. */
export function onlyEventsAreTold(world: World): void {
  const known = new Set(world.history.records.map((record) => `${record.app} ${hashOf(record)}`));
  for (const rowId of toldRows(world)) {
    const facts = world.truth.rows.get(rowId)?.facts;
    if (facts === undefined || known.has(`${facts.app} ${facts.event}`)) continue;
    violate(world.simulation, 'I2', `${rowId} is no event of the source, or one that has its own row`);
  }
}

export function nothingIsToldFromBefore(world: World): void {
  const { history, truth } = world;
  const byHash = Map.groupBy(history.records, (record) => `${record.app} ${hashOf(record)}`);
  for (const rowId of toldRows(world)) {
    const facts = truth.rows.get(rowId)?.facts;
    if (facts === undefined) continue;
    const app = history.phases.flatMap((phase) => phase.config.apps).find((one) => one.key === facts.app);
    const traits = history.apis[facts.app];
    const records = byHash.get(`${facts.app} ${facts.event}`) ?? [];
    if (app === undefined || traits === undefined || records.some((record) => record.undated)) continue;
    const latestMs = Math.max(...records.map((record) => shownDateMs(record, traits)));
    const earliestMs = earliestToldMs(history, app, facts.rule, {
      watermarksMs: world.watermarksMs.get(app.key) ?? new Map(),
      startedMs: truth.startedMs.get(app.key) ?? 0,
    });
    if (latestMs < earliestMs)
      violate(world.simulation, 'I9', `${rowId} is dated ${latestMs}, its rule starts at ${earliestMs}`);
  }
}
