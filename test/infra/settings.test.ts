import { describe, expect, it } from 'vitest';
import { chooseRegion } from '../../infra/region.ts';
import { readSettings } from '../../infra/settings.ts';

describe('region', () => {
  it('takes the file first, and has nothing to say', () => {
    const environment = { CDK_DEFAULT_REGION: 'us-east-1', AWS_REGION: 'us-west-2' };
    expect(chooseRegion('sa-east-1', environment)).toEqual({ region: 'sa-east-1', note: undefined });
  });

  it.for([
    {
      name: 'takes that of the credentials when the file names none',
      environment: { CDK_DEFAULT_REGION: 'us-west-1', AWS_REGION: 'us-west-2' },
      region: 'us-west-1',
    },
    {
      name: 'takes us-east-1 when it is that of credentials',
      environment: { CDK_DEFAULT_REGION: 'us-east-1', CDK_DEFAULT_ACCOUNT: '111122223333' },
      region: 'us-east-1',
    },
    {
      name: 'takes AWS_REGION without credentials',
      environment: { CDK_DEFAULT_REGION: '', AWS_REGION: 'us-west-2' },
      region: 'us-west-2',
    },
    { name: 'falls back to eu-west-1', environment: {}, region: 'eu-west-1' },
    {
      name: 'falls back to eu-west-1 where the command line made up a region',
      environment: { CDK_DEFAULT_REGION: 'us-east-1' },
      region: 'eu-west-1',
    },
  ])('$name, and says so', ({ environment, region }) => {
    expect(chooseRegion(undefined, environment)).toEqual({
      region,
      note: expect.stringContaining(`using ${region}`),
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
