import type { Cooldown } from '../domain/alert-config.ts';
import { cooldownKeyOf, groupOf, judgeCooldown } from '../domain/cooldown.ts';
import { suppressed } from '../domain/decide.ts';
import { type AlertRow, expiryOf, formatKey, hasOpen, type TargetStates } from '../domain/ledger-row.ts';
import { persist } from './persist.ts';
import type { Tick } from './tick.ts';

/** Whether a cooldown has a say in what becomes of the row. */
export function coolsDown(tick: Tick, row: AlertRow): boolean {
  return cooldownOf(tick, row) !== undefined && hasOpen(row.to);
}

/** The rows of one turn in chains: those of one group of a cooldown go one after the other, so that the first is told. */
export function chainsOf(tick: Tick, rows: readonly AlertRow[]): readonly (readonly AlertRow[])[] {
  const chains = Map.groupBy(rows, (row) => {
    const cooldown = cooldownOf(tick, row);
    const group = cooldown && groupOf(row.facts, cooldown.per);
    return group === undefined ? formatKey(row.key) : `${row.facts.rule}#${group}`;
  });
  return [...chains.values()];
}

/**
 * Starts the cooldown of a claimed row's group, or records the row as suppressed by the one that is on. Under the app's
 * lease, after the claim and before the publish: a cooldown that named an alert without a row could keep others quiet for
 * one that is never told. Returns the row as it then stands.
 *
 * @throws when the cooldown can neither be read nor written: the row stays open, and the next holder decides.
 */
export async function enterCooldown(tick: Tick, row: AlertRow): Promise<AlertRow> {
  const cooldown = cooldownOf(tick, row);
  if (cooldown === undefined || !hasOpen(row.to)) return row;
  const { ledger, clock } = tick.ports;
  const key = cooldownKeyOf(row.facts, cooldown.per, await ledger.groupingSecret.read());
  if (key === undefined) return row;
  const alert = { atMs: row.facts.occurredAtMs ?? row.facts.seenAtMs, by: formatKey(row.key) };

  let seen = await ledger.cooldowns.read(key);
  for (;;) {
    const verdict = judgeCooldown(seen?.value, alert, cooldown.forMs, clock.nowMs());
    if (verdict.kind === 'started') return row;
    if (verdict.kind === 'quiet') return recordQuiet(tick, row, verdict.by);
    const swap = await ledger.cooldowns.swap(key, seen, verdict.next);
    if (swap.kind === 'written') return row;
    // A group belongs to one app, and this holds its lease: what was faster is a late write, and is seen now.
    seen = swap.now;
  }
}

/** What is open is not told; what another invocation has published or held stays. */
async function recordQuiet(tick: Tick, row: AlertRow, by: string): Promise<AlertRow> {
  const nowMs = tick.ports.clock.nowMs();
  const open = Object.entries(row.to).filter(([, state]) => state.is === 'open');
  const quiet: TargetStates = Object.fromEntries(
    open.map(([target]) => [target, suppressed('cooldown', nowMs, by)]),
  );
  const after = { ...row, to: { ...row.to, ...quiet } };
  await persist(tick, () => tick.ports.ledger.rows.record(row.key, quiet, expiryOf(after, nowMs)));
  tick.ports.telemetry.count('Suppressed', open.length);
  return after;
}

function cooldownOf({ rulebook }: Tick, { facts }: AlertRow): Cooldown | undefined {
  return rulebook.config.rules.find((rule) => rule.name === facts.rule)?.cooldown;
}
