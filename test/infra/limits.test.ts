import { expect, it } from 'vitest';
import { alertsResourceCount, brokenLimits, formatLimits } from '../../infra/limits.ts';
import { alertConfig, appOf, receiver } from '../fixtures/alert-config.ts';
import { synthesised } from './synthesised.ts';

const withAddresses = (count: number) =>
  alertConfig({
    receivers: [
      receiver('sales', { email: { to: Array.from({ length: count }, (_, n) => `p${n}@example.com`) } }),
    ],
  });
const withStackName = (name: string) => alertConfig({ stack: { name, region: 'eu-west-1' } });
const sizeOf = (config = alertConfig()) => ({ config, shardAppsMax: 100, operators: [] });

it.for([
  { name: 'the smallest file', config: alertConfig(), shardAppsMax: 100, operators: [] },
  {
    name: 'several shards and operators',
    config: alertConfig({ apps: ['a', 'b', 'c'].map((app) => appOf('c-1', app)) }),
    shardAppsMax: 1,
    operators: ['ops@example.com', 'night@example.com'],
  },
  { name: 'many addresses in one channel', config: withAddresses(30), shardAppsMax: 100, operators: [] },
  {
    name: 'one address written twice',
    config: alertConfig({
      receivers: [receiver('sales', { email: { to: ['a@example.com', 'a@example.com'] } })],
    }),
    shardAppsMax: 100,
    operators: [],
  },
])('counts exactly the resources of the template for $name', ({ config, shardAppsMax, operators }) => {
  const { alerts } = synthesised({ config, shardAppsMax, operators });
  const resources = Object.keys(alerts.toJSON()['Resources']);
  expect(alertsResourceCount({ config, shardAppsMax, operators })).toBe(resources.length);
});

it.for([
  { name: 'allows a stack of exactly 500 resources', config: withAddresses(478), broken: [] },
  {
    name: 'refuses one more, with a way out',
    config: withAddresses(479),
    broken: [
      {
        what: 'resources in one CloudFormation stack',
        limit: 500,
        found: 501,
        remedy: expect.stringContaining('one address (a mailing list)'),
      },
    ],
  },
  {
    name: 'allows a schedule name of exactly 64 characters',
    config: withStackName('s'.repeat(57)),
    broken: [],
  },
  {
    name: 'refuses names of schedules and functions that are too long',
    config: withStackName('s'.repeat(58)),
    broken: [
      expect.objectContaining({
        limit: 64,
        found: 65,
        what: expect.stringContaining('the name of a function'),
      }),
      expect.objectContaining({
        limit: 64,
        found: 65,
        what: expect.stringContaining('the name of a schedule'),
      }),
    ],
  },
  {
    name: 'refuses a topic name of more than 256 characters',
    config: alertConfig({
      receivers: [receiver('r'.repeat(239), { email: { to: ['a@example.com'] } })],
    }),
    broken: [
      expect.objectContaining({ limit: 256, found: 257, remedy: expect.stringContaining('receiver') }),
    ],
  },
])('$name', ({ config, broken }) => {
  expect(brokenLimits(sizeOf(config))).toEqual(broken);
});

it('says limit, found and remedy, one line for each limit', () => {
  const lines = formatLimits(brokenLimits(sizeOf(withStackName('s'.repeat(58))))).split('\n');
  expect(lines).toEqual([
    expect.stringMatching(
      /^characters in the name of a function \(s+…\): at most 64, found 65 - shorten stack\.name$/,
    ),
    expect.stringMatching(
      /^characters in the name of a schedule \(s+…\): at most 64, found 65 - shorten stack\.name$/,
    ),
  ]);
});
