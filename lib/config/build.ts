import type { AlertConfig, App, EventCondition, Receiver } from '../domain/alert-config.ts';
import { appKey, hash128 } from '../domain/identity.ts';
import type { AlertsFile } from './schema.ts';
import { sinceMs } from './since.ts';

/** The zone of dates that come without one, where the file names none. */
const SOURCE_TIME_ZONE = 'UTC';

/** The frozen config of a file that passed every check. */
export function buildConfig(file: AlertsFile): AlertConfig {
  const config = {
    version: file.version,
    stack: { name: file.stack.name, region: file.stack.region },
    timeZone: file.timeZone,
    signals: { baseUrl: file.signals.baseUrl, credentials: file.signals.credentials },
    lookback: {
      everyTickMs: file.lookback.everyTick,
      hourlyMs: file.lookback.hourly,
      dailyMs: file.lookback.daily,
    },
    apps: file.apps.map((app) => buildApp(app, file.signals.timeZone)),
    receivers: Object.entries(file.receivers).map(([name, receiver]) =>
      buildReceiver(name, receiver, file.timeZone),
    ),
    rules: Object.entries(file.rules).map(([name, rule]) => ({
      name,
      when: buildCondition(rule.when, file.timeZone),
      notify: rule.notify,
      cooldown:
        rule.cooldown === undefined ? undefined : { forMs: rule.cooldown.for, per: rule.cooldown.per },
    })),
  };
  return frozen({ ...config, hash: hash128(canonical({ ...config, ...byName(config) })) });
}

function buildApp(app: AlertsFile['apps'][number], sourceTimeZone: string | undefined): App {
  const timeZone = app.timeZone ?? sourceTimeZone;
  return {
    key: appKey(app.client, app.app),
    client: app.client,
    app: app.app,
    name: app.name ?? app.app,
    timeZone: timeZone ?? SOURCE_TIME_ZONE,
    timeZoneIsSet: timeZone !== undefined,
  };
}

function buildReceiver(name: string, receiver: AlertsFile['receivers'][string], timeZone: string): Receiver {
  return {
    name,
    timeZone: receiver.timeZone ?? timeZone,
    phones: receiver.phones,
    email: receiver.email,
    sms: receiver.sms === undefined ? undefined : buildSms(receiver.sms),
  };
}

function buildSms(sms: NonNullable<AlertsFile['receivers'][string]['sms']>): NonNullable<Receiver['sms']> {
  const { to, maxPerHour, monthlyBudgetUsd } = sms;
  const monthlyMicroUsd =
    monthlyBudgetUsd === undefined ? undefined : Math.round(monthlyBudgetUsd * 1_000_000);
  return { to, limits: { hourlyMax: maxPerHour, monthlyMicroUsd } };
}

function buildCondition(when: AlertsFile['rules'][string]['when'], timeZone: string): EventCondition {
  return {
    types: when.type ?? [],
    keywords: when.keyword ?? [],
    not: when.not ?? [],
    apps: when.app ?? [],
    campaigns: when.campaign ?? [],
    ads: when.ad ?? [],
    match: when.match,
    accents: when.accents,
    sinceMs: when.since === undefined ? undefined : sinceMs(when.since, timeZone),
  };
}

/** Receivers and rules are maps in the file: their order says nothing. */
function byName({ receivers, rules }: Pick<AlertConfig, 'receivers' | 'rules'>) {
  const ordered = <T extends { readonly name: string }>(items: readonly T[]): readonly T[] =>
    items.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { receivers: ordered(receivers), rules: ordered(rules) };
}

/** One text for one meaning: keys in order, what is undefined left out. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) frozen(inner);
    Object.freeze(value);
  }
  return value;
}
