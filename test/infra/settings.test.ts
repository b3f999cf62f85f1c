import { describe, expect, it } from 'vitest';
import { chooseRegion } from '../../infra/region.ts';
import { readSettings } from '../../infra/settings.ts';

describe('region', () => {
  it.for([
    {
      name: 'takes the file first',
      configured: 'sa-east-1',
      environment: { CDK_DEFAULT_REGION: 'us-east-1', AWS_REGION: 'us-west-2' },
      region: 'sa-east-1',
    },
    {
      name: 'takes that of the credentials when the file names none',
      configured: undefined,
      environment: { CDK_DEFAULT_REGION: 'us-east-1', AWS_REGION: 'us-west-2' },
      region: 'us-east-1',
    },
    {
      name: 'takes AWS_REGION without credentials',
      configured: undefined,
      environment: { CDK_DEFAULT_REGION: '', AWS_REGION: 'us-west-2' },
      region: 'us-west-2',
    },
  ])('$name, and has nothing to say', ({ configured, environment, region }) => {
    expect(chooseRegion(configured, environment)).toEqual({ region, note: undefined });
  });

  it('falls back to eu-west-1 and says so', () => {
    expect(chooseRegion(undefined, {})).toEqual({
      region: 'eu-west-1',
      note: expect.stringContaining('using eu-west-1'),
    });
  });
});

describe('settings', () => {
  it.for([
    {
      name: 'reads alerts.yaml in shards of 100, with nobody to hear of alarms',
      context: {},
      settings: { configPath: 'alerts.yaml', shardAppsMax: 100, operators: [] },
    },
    {
      name: 'takes another file, shard size and list of operators',
      context: { config: 'other.yaml', shardSize: '7', operator: 'ops@example.com, night@example.com,' },
      settings: {
        configPath: 'other.yaml',
        shardAppsMax: 7,
        operators: ['ops@example.com', 'night@example.com'],
      },
    },
    {
      name: 'takes numbers and lists from cdk.json',
      context: { shardSize: 1, operator: ['ops@example.com', 'ops@example.com'] },
      settings: { configPath: 'alerts.yaml', shardAppsMax: 1, operators: ['ops@example.com'] },
    },
  ])('$name', ({ context, settings }) => {
    expect(readFrom(context)).toEqual({ kind: 'valid', settings });
  });

  it.for([
    { name: 'a shard of none', context: { shardSize: '0' }, found: '"0"' },
    { name: 'a shard of more than one batched read holds', context: { shardSize: '101' }, found: '"101"' },
    { name: 'a shard of half an app', context: { shardSize: '1.5' }, found: '"1.5"' },
    { name: 'a shard of words', context: { shardSize: 'many' }, found: '"many"' },
    { name: 'an operator without an address', context: { operator: 'ops' }, found: '"ops"' },
  ])('refuses $name', ({ context, found }) => {
    expect(readFrom(context)).toEqual({
      kind: 'invalid',
      mistakes: [expect.stringContaining(`found ${found}`)],
    });
  });
});

function readFrom(context: Readonly<Record<string, unknown>>) {
  return readSettings((name) => context[name]);
}
