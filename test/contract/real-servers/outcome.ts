import { targetsOf } from '../../../lib/domain/decide.ts';
import { hashEvent, referenceOf, type Target } from '../../../lib/domain/identity.ts';
import { type AlertRow, formatKey, rowKey } from '../../../lib/domain/ledger-row.ts';
import type { InboxEntry } from '../../../lib/local/sns/inbox.ts';
import type { RealWorld } from './real-world.ts';

export type Outcome = {
  /** Alerts for one target that are neither sent with a message that tells them nor on the failed list. */
  readonly lost: readonly string[];
  readonly failed: number;
  readonly messages: readonly InboxEntry[];
  /** Messages that no row names: their answer was dropped, or nobody was left to record them. */
  readonly unrecorded: number;
  /** Rows and reminders that are not done with. */
  readonly unsettled: number;
};

const LISTED_MAX = 1_000;
const END_OF_TIME_MS = Date.UTC(2200, 0);

type Alert = { readonly target: Target; readonly row: AlertRow | undefined };

/** What became of every event, as the inbox and the table tell it to somebody for whom nothing goes wrong. */
export async function outcomeOf(world: RealWorld, eventIds: readonly string[]): Promise<Outcome> {
  const { config, ledger, sns } = world;
  const messages = sns.inbox.entries();
  const failures = await ledger.failed.list(LISTED_MAX);
  const listed = new Set(failures.map(({ target, key }) => `${target} ${formatKey(key)}`));
  const held = await ledger.held.listDue(END_OF_TIME_MS, LISTED_MAX);
  const states = await Promise.all(config.apps.map((app) => ledger.apps.read(app.key)));
  const open = states.flatMap((state) => state?.value.open ?? []);
  const alerts = await alertsOf(world, eventIds);
  const isFailed = ({ target, row }: Alert): boolean =>
    row?.to[target]?.is === 'failed' && listed.has(`${target} ${formatKey(row.key)}`);
  const named = new Set(
    alerts.flatMap(({ target, row }) => {
      const state = row?.to[target];
      return state?.is === 'sent' ? [state.messageId] : [];
    }),
  );
  return {
    lost: alerts
      .filter((alert) => !isFailed(alert) && !isTold(messages, alert))
      .map(({ target, row }) => `${target} ${JSON.stringify(row)}`),
    failed: alerts.filter(isFailed).length,
    messages,
    unrecorded: messages.filter(({ messageId }) => !named.has(messageId)).length,
    unsettled: held.length + open.length,
  };
}

/** One per event, rule and target: every event of a scenario matches every rule. */
async function alertsOf(
  { config, ledger }: RealWorld,
  eventIds: readonly string[],
): Promise<readonly Alert[]> {
  const rows = config.apps.flatMap((app) =>
    config.rules.flatMap((rule) =>
      eventIds.map(async (id) => {
        const row = await ledger.rows.read(rowKey(app.key, hashEvent({ id, canonical: '' }), rule.name));
        return targetsOf(rule, config.receivers).map((target) => ({ target, row }));
      }),
    ),
  );
  return (await Promise.all(rows)).flat();
}

/** A message shows the alert's reference; a digest by SMS shows one, and says how many it stands for. */
function isTold(messages: readonly InboxEntry[], { target, row }: Alert): boolean {
  const state = row?.to[target];
  if (row === undefined || state?.is !== 'sent') return false;
  const message = messages.find((one) => one.messageId === state.messageId);
  if (message === undefined) return false;
  const counts = message.channel === 'sms' && message.body.startsWith(`${state.alertCount} alerts`);
  return counts || message.body.includes(referenceOf(row.facts.app, row.facts.event));
}
