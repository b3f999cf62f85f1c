import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../functions/environment.ts';
import { readCompiledConfig, writeCompiledConfig } from '../../lib/config/compiled.ts';
import { alertConfig } from '../fixtures/alert-config.ts';

const COMPLETE = {
  AWS_REGION: 'eu-west-1',
  TABLE_NAME: 'spot-alerts-state',
  TOPIC_ARN_PREFIX: 'arn:aws:sns:eu-west-1:000000000000:spot-alerts-',
};

describe('the environment of a function', () => {
  it('has defaults for what the stack need not say', () => {
    expect(readEnvironment(COMPLETE)).toMatchObject({
      shardAppsMax: 100,
      tickMs: 60_000,
      signalsToken: undefined,
    });
  });

  it('names everything that is missing or wrong at once', () => {
    const read = () => readEnvironment({ AWS_REGION: 'eu-west-1', SHARD_APPS_MAX: '0' });
    expect(read).toThrow(
      /TABLE_NAME.*TOPIC_ARN_PREFIX.*SHARD_APPS_MAX: expected a whole number above 0, found "0"/,
    );
  });
});

describe('the compiled configuration', () => {
  it('comes back as it was written', () => {
    const config = alertConfig();
    expect(readCompiledConfig(writeCompiledConfig(config))).toEqual(JSON.parse(JSON.stringify(config)));
  });

  it('of another version is refused with what to do', () => {
    expect(() => readCompiledConfig('{"version": 2}')).toThrow('expected version 1, found 2; deploy again');
  });
});
