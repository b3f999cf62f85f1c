import type { FaultKind } from './faults.ts';
import type { History } from './history.ts';

/** What was drawn into a history before it ran. */
export function drawnIn({ records, outages, phases }: History): readonly (readonly [FaultKind, number])[] {
  const changes = phases.slice(1).map((phase, index) => ({ phase, before: phases[index]?.config }));
  const count = <T>(list: readonly T[], is: (one: T) => boolean): number => list.filter(is).length;
  const late = (fromMs: number, untilMs: number) =>
    count(records, (one) => {
      const latenessMs = one.visibleFromMs - one.createdMs;
      return latenessMs > fromMs && latenessMs <= untilMs;
    });
  const names = (list: readonly { readonly name: string }[] | undefined): string =>
    (list ?? []).map((one) => one.name).join();
  return [
    ['event-late-minutes', late(20_000, 840_000)],
    ['event-late-hours', late(840_000, 72_000_000)],
    ['event-late-days', late(72_000_000, Number.POSITIVE_INFINITY)],
    ['event-deleted', count(records, (one) => one.deletedAtMs !== undefined)],
    ['event-changed', count(records, (one) => one.later !== undefined)],
    ['event-under-two-types', count(records, (one) => one.name.endsWith('-again'))],
    ['event-undated', count(records, (one) => one.undated)],
    ['event-without-id', count(records, (one) => one.id === undefined)],
    ['event-storm', count(records, (one) => one.name.includes('storm'))],
    ['source-outage', outages.length],
    ['old-and-new-code', count(phases, (phase) => phase.mixedUntilMs > phase.fromMs)],
    ['rule-since', count(changes, ({ phase }) => phase.config.rules.some((rule) => rule.when.sinceMs))],
    [
      'rule-added',
      count(changes, ({ phase, before }) => phase.config.rules.length > (before?.rules.length ?? 0)),
    ],
    [
      'rule-removed',
      count(changes, ({ phase, before }) => phase.config.rules.length < (before?.rules.length ?? 0)),
    ],
    [
      'rule-edited',
      count(
        changes,
        ({ phase, before }) =>
          names(phase.config.rules) === names(before?.rules) && phase.config.rules !== before?.rules,
      ),
    ],
    [
      'app-added',
      count(changes, ({ phase, before }) => phase.config.apps.length > (before?.apps.length ?? 0)),
    ],
    [
      'receiver-removed',
      count(changes, ({ phase, before }) => phase.config.receivers.length < (before?.receivers.length ?? 0)),
    ],
  ];
}
