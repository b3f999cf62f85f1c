import type { AppKey, Target } from '../../../lib/domain/identity.ts';
import type { AlertRow, TargetState } from '../../../lib/domain/ledger-row.ts';
import type { Write } from '../ports/ledger-truth.ts';

/** By what the row says of itself, not by its key. */
export function findRow(
  rows: ReadonlyMap<string, AlertRow>,
  app: AppKey,
  hash: string,
  rule: string,
): AlertRow | undefined {
  const likely = rows.get(`app#${app}|alert#${hash}#${rule}`);
  if (likely?.facts.rule === rule) return likely;
  return [...rows.values()].find(
    ({ facts }) => facts.app === app && facts.event === hash && facts.rule === rule,
  );
}

export function entriesOf(row: AlertRow): readonly (readonly [Target, AlertRow['to'][Target]])[] {
  return Object.entries(row.to) as unknown as readonly (readonly [Target, AlertRow['to'][Target]])[];
}

/** The targets of a row that this write changed. */
export function changedTargets(
  write: Extract<Write, { kind: 'row' }>,
): readonly (readonly [Target, TargetState, TargetState | undefined])[] {
  const { before, after } = write;
  return entriesOf(after)
    .map(([target, state]) => [target, state, before?.to[target]] as const)
    .filter(([, state, was]) => JSON.stringify(was) !== JSON.stringify(state));
}
