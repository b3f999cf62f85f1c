import { stringify } from 'yaml';

/** A valid file in which most keys occur. */
export const FILE = {
  version: 1,
  stack: { name: 'spot', region: 'eu-west-1' },
  timeZone: 'America/Sao_Paulo',
  signals: { baseUrl: 'https://api.example.com', timeZone: 'UTC', credentials: 'a/b' },
  lookback: { everyTick: '15m', hourly: '24h', daily: '7d' },
  apps: [
    { client: 'c-1', app: '7', name: 'Shop' },
    { client: 'c-2', app: '8', timeZone: 'UTC' },
  ],
  receivers: {
    ana: {
      phones: 'full',
      email: ['ana@example.com'],
      sms: { to: ['+12025550123'], maxPerHour: 20, monthlyBudgetUsd: 30 },
    },
    bo: { timeZone: 'UTC', sms: ['+12025550124'] },
  },
  rules: {
    hello: {
      when: { keyword: ['hello', 'olá'], not: 'test', app: '7', since: '2026-11-01' },
      notify: ['ana'],
      cooldown: { for: '2h', per: 'campaign' },
    },
    sold: { when: { type: 'converted', campaign: ['1'], ad: '2' }, notify: ['ana', 'bo'], cooldown: '30m' },
  },
};

export const TEXT = stringify(FILE);

/** Keys and list positions from the top of a file. */
export type Step = readonly (string | number)[];

/** Every place in a value, the top included. */
export function placesOf(value: unknown, path: Step = []): readonly Step[] {
  if (typeof value !== 'object' || value === null) return [path];
  const steps = Array.isArray(value) ? value.map((item, at) => [at, item] as const) : Object.entries(value);
  return [path, ...steps.flatMap(([step, inner]) => placesOf(inner, [...path, step]))];
}

/** The value with another one at a place. */
export function replaced(value: unknown, [step, ...rest]: Step, put: unknown): unknown {
  if (step === undefined) return put;
  if (Array.isArray(value)) return value.map((item, at) => (at === step ? replaced(item, rest, put) : item));
  const entries = Object.entries(value ?? {});
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, key === step ? replaced(inner, rest, put) : inner]),
  );
}
