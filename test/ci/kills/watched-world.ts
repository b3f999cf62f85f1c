import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dynamoLedger } from '../../../lib/adapters/dynamodb/ledger.ts';
import { appKey, hashEvent, type Target } from '../../../lib/domain/identity.ts';
import { rowKey } from '../../../lib/domain/ledger-row.ts';
import type { FakeSignals } from '../../../lib/local/fake-signals/server.ts';
import type { Ledger } from '../../../lib/ports/ledger.ts';
import { localClient } from '../../contract/local-table.ts';
import type { Random } from '../../simulation/random.ts';

/** What the fake API serves, outside of everything that is killed. */
export const APPS = [
  { client: 'c-1', app: '100', name: 'Spot Store' },
  { client: 'c-1', app: '101', name: 'Spot Outlet' },
  { client: 'c-2', app: '200', name: 'Casa Verde' },
] as const;

/** What an event says, and whom it concerns: by the rule of this name in the file, or by none. */
const KINDS = {
  ready: { words: 'ready to order', targets: ['sales/email', 'sales/sms'] },
  offer: { words: 'special offer', targets: ['owner/email'] },
  other: { words: 'good morning', targets: [] },
} as const satisfies Record<string, { words: string; targets: readonly Target[] }>;

/** One event that was injected. Its text holds `mark`, which no other text holds. */
export type InjectedEvent = {
  readonly mark: string;
  readonly id: string;
  readonly client: string;
  readonly app: string;
  readonly kind: keyof typeof KINDS;
};

/** Who must be told of an event. */
export function targetsOf({ kind }: InjectedEvent): readonly Target[] {
  return KINDS[kind].targets;
}

/** The file the killed runs are started with. */
export function writeFile(folder: string): string {
  const path = join(folder, 'alerts.yaml');
  const apps = APPS.map(({ client, app, name }) => `  - { client: ${client}, app: "${app}", name: ${name} }`);
  writeFileSync(
    path,
    `version: 1
signals: { timeZone: UTC }
apps:
${apps.join('\n')}
receivers:
  sales: { email: [sales@example.com], sms: { to: ["+12025550123"], maxPerHour: 3600 } }
  owner: { email: [owner@example.com] }
rules:
  ready: { when: { keyword: ${KINDS.ready.words} }, notify: [sales] }
  offer: { when: { keyword: ${KINDS.offer.words} }, notify: [owner] }
`,
  );
  return path;
}

/** Adds the next event to the fake world; one in six matches no rule. */
export function injectNext(fake: FakeSignals, random: Random, index: number): InjectedEvent {
  const { client, app } = random.pick(APPS);
  const kind = random.pick(['ready', 'ready', 'ready', 'offer', 'offer', 'other'] as const);
  const mark = `n${index}x`;
  const id = `wamid.${mark}`;
  fake.inject({ client, app, id, text: `${KINDS[kind].words} ${mark}` });
  return { mark, id, client, app, kind };
}

/** The ledger of a run, while it runs. */
export function openLedger(endpoints: Endpoints): { readonly ledger: Ledger; close(): void } {
  const client = localClient(endpoints.dynamodb.url);
  const ledger = dynamoLedger(client, endpoints.dynamodb.table, { writeId: randomUUID });
  return { ledger, close: () => client.destroy() };
}

/** What a run says of itself in its data folder. */
export type Endpoints = {
  readonly pid: number;
  readonly dynamodb: { readonly url: string; readonly table: string };
};

/** Which message each target of an event's row was sent with; undefined while one of them is not sent. */
export async function messagesOf(
  ledger: Ledger,
  event: InjectedEvent,
): Promise<ReadonlyMap<Target, string> | undefined> {
  const messages = new Map<Target, string>();
  const targets = targetsOf(event);
  if (targets.length === 0) return messages;
  const { id, client, app, kind } = event;
  const row = await ledger.rows.read(rowKey(appKey(client, app), hashEvent({ id, canonical: '' }), kind));
  for (const target of targets) {
    const state = row?.to[target];
    if (state?.is !== 'sent') return undefined;
    messages.set(target, state.messageId);
  }
  return messages;
}
