import { beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../functions/environment.ts';
import { alertConfig, appOf } from '../fixtures/alert-config.ts';
import {
  inWords,
  propertiesOf,
  type Resource,
  resourcesOf,
  type Synthesised,
  synthesised,
} from './synthesised.ts';

const OPERATORS = ['ops@example.com', 'night@example.com'];

let stacks: Synthesised;
beforeAll(() => {
  stacks = synthesised({ operators: OPERATORS });
});

describe('topics', () => {
  it('has one for each channel of each receiver, encrypted, and one for the operator, without the key', () => {
    const topics = propertiesOf(stacks.alerts, 'AWS::SNS::Topic');
    expect(topics.map((topic) => [topic['TopicName'], topic['KmsMasterKeyId'] !== undefined])).toEqual([
      ['spot-alerts-sales-email', true],
      ['spot-alerts-sales-sms', true],
      ['spot-alerts-owner-email', true],
      ['spot-alerts-operator', false],
    ]);
  });

  it('subscribes every address to its own topic', () => {
    const topics = resourcesOf(stacks.alerts, 'AWS::SNS::Topic');
    const subscriptions = propertiesOf(stacks.alerts, 'AWS::SNS::Subscription').map((subscription) => {
      const topic = topics[inWords(subscription['TopicArn']).slice(1, -1)];
      return [topic?.Properties['TopicName'], subscription['Protocol'], subscription['Endpoint']];
    });
    expect(subscriptions).toEqual([
      ['spot-alerts-sales-email', 'email', 'sales@example.com'],
      ['spot-alerts-sales-sms', 'sms', '+12025550123'],
      ['spot-alerts-owner-email', 'email', 'owner@example.com'],
      ['spot-alerts-operator', 'email', 'ops@example.com'],
      ['spot-alerts-operator', 'email', 'night@example.com'],
    ]);
  });

  it('gives an SMS topic no display name, which would take room from every message', () => {
    const shown = propertiesOf(stacks.alerts, 'AWS::SNS::Topic').filter((topic) => 'DisplayName' in topic);
    expect(shown.map((topic) => topic['TopicName'])).toEqual([
      'spot-alerts-sales-email',
      'spot-alerts-owner-email',
      'spot-alerts-operator',
    ]);
  });

  it('refuses plain HTTP on every topic, and lets only the alarms of this stack publish to the operator', () => {
    const policies = propertiesOf(stacks.alerts, 'AWS::SNS::TopicPolicy').map(
      (policy) => policy['PolicyDocument'] as { readonly Statement: readonly Record<string, unknown>[] },
    );
    expect(policies).toHaveLength(4);
    for (const { Statement } of policies) {
      expect(Statement[0]).toMatchObject({
        Effect: 'Deny',
        Principal: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    }
    const others = policies.flatMap(({ Statement }) => Statement.slice(1));
    expect(others).toMatchObject([
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111122223333' },
          ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:spot-alerts-*' },
        },
      },
    ]);
  });
});

describe('schedules', () => {
  it.for([
    { name: 'one shard', appCount: 2, shardAppsMax: 100, inputs: ['{"shard":0}'] },
    {
      name: 'three shards',
      appCount: 5,
      shardAppsMax: 2,
      inputs: ['{"shard":0}', '{"shard":1}', '{"shard":2}'],
    },
  ])(
    'has one every minute for each of $name and one for the digest',
    ({ appCount, shardAppsMax, inputs }) => {
      const apps = Array.from({ length: appCount }, (_, index) => appOf('c-123', `app${index}`));
      const { alerts } = synthesised({ config: alertConfig({ apps }), shardAppsMax });
      const schedules = propertiesOf(alerts, 'AWS::Scheduler::Schedule');

      expect(schedules.map(({ Name }) => Name)).toEqual([
        ...inputs.map((_, shard) => `spot-alerts-poll-${shard}`),
        'spot-alerts-digest',
      ]);
      expect(schedules.map(({ Target }) => (Target as { readonly Input: string }).Input)).toEqual([
        ...inputs,
        '{}',
      ]);
      for (const schedule of schedules) {
        expect(schedule).toMatchObject({
          ScheduleExpression: 'rate(1 minute)',
          FlexibleTimeWindow: { Mode: 'OFF' },
          State: 'ENABLED',
          Target: { RetryPolicy: { MaximumRetryAttempts: 0 } },
        });
      }
    },
  );

  it('does not let AWS Lambda repeat a tick either', () => {
    expect(propertiesOf(stacks.alerts, 'AWS::Lambda::EventInvokeConfig')).toMatchObject([
      { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
      { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
    ]);
  });
});

describe('functions', () => {
  it('runs both on arm64 Node 24, ended before the next tick, logging JSON', () => {
    const functions = propertiesOf(stacks.alerts, 'AWS::Lambda::Function');
    expect(functions.map((fn) => fn['FunctionName'])).toEqual(['spot-alerts-poll', 'spot-alerts-digest']);
    for (const fn of functions) {
      expect(fn).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        MemorySize: 512,
        Timeout: 50,
        LoggingConfig: { LogFormat: 'JSON' },
      });
    }
  });

  it('tells them names and a prefix in the environment, no secret', () => {
    for (const fn of propertiesOf(stacks.alerts, 'AWS::Lambda::Function')) {
      expect(variablesOf(fn)).toEqual({
        TABLE_NAME: '<spot-alerts-state:ExportsOutputRefTable36F13FCE>',
        TOPIC_ARN_PREFIX: 'arn:aws:sns:eu-west-1:111122223333:spot-alerts-',
        SHARD_APPS_MAX: '100',
        POWERTOOLS_SERVICE_NAME: 'spot-alerts',
        POWERTOOLS_METRICS_NAMESPACE: 'SignalsAlerts',
        POWERTOOLS_LOG_LEVEL: 'INFO',
      });
    }
  });

  it('tells them all they ask for, and the shard size the schedules were cut by', () => {
    const { alerts } = synthesised({ shardAppsMax: 7 });
    for (const fn of propertiesOf(alerts, 'AWS::Lambda::Function')) {
      const read = readEnvironment({ ...variablesOf(fn), AWS_REGION: 'eu-west-1' });
      expect(read).toMatchObject({ shardAppsMax: 7, configFile: undefined, signalsToken: undefined });
    }
  });

  it('keeps every log for thirty days and lets it go with the stack', () => {
    const groups = Object.values(resourcesOf(stacks.alerts, 'AWS::Logs::LogGroup'));
    expect(groups.map(({ Properties, DeletionPolicy }) => [Properties, DeletionPolicy])).toEqual([
      [{ LogGroupName: '/aws/lambda/spot-alerts-poll', RetentionInDays: 30 }, 'Delete'],
      [{ LogGroupName: '/aws/lambda/spot-alerts-digest', RetentionInDays: 30 }, 'Delete'],
    ]);
  });

  it('refers to the secret by name and creates none', () => {
    expect(propertiesOf(stacks.alerts, 'AWS::SecretsManager::Secret')).toEqual([]);
  });
});

describe('alarms', () => {
  it.for([
    {
      name: 'nothing polled for five minutes, also when no number arrives at all',
      alarm: 'spot-alerts-no-tick',
      is: {
        Namespace: 'AWS/Lambda',
        MetricName: 'Invocations',
        Statistic: 'Sum',
        Period: 300,
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        TreatMissingData: 'breaching',
      },
    },
    {
      name: 'no digest ran for five minutes',
      alarm: 'spot-alerts-digest-no-tick',
      is: { Namespace: 'AWS/Lambda', MetricName: 'Invocations', Threshold: 1, TreatMissingData: 'breaching' },
    },
    {
      name: 'polls fail',
      alarm: 'spot-alerts-poll-fails',
      is: { Namespace: 'AWS/Lambda', MetricName: 'Errors', Statistic: 'Sum', Threshold: 3 },
    },
    {
      name: 'digests fail',
      alarm: 'spot-alerts-digest-fails',
      is: { Namespace: 'AWS/Lambda', MetricName: 'Errors', Statistic: 'Sum', Threshold: 3 },
    },
    {
      name: 'polls are refused for want of a valid token',
      alarm: 'spot-alerts-unauthorised',
      is: {
        Namespace: 'SignalsAlerts',
        MetricName: 'Unauthorised',
        Dimensions: [{ Name: 'service', Value: 'spot-alerts' }],
        Statistic: 'Sum',
        Threshold: 1,
        EvaluationPeriods: 3,
        DatapointsToAlarm: 2,
        AlarmDescription: expect.stringContaining('signals-alerts/credentials'),
      },
    },
    {
      name: 'an alert stands in the failed list',
      alarm: 'spot-alerts-failed',
      is: {
        Namespace: 'SignalsAlerts',
        MetricName: 'FailedListed',
        Dimensions: [{ Name: 'service', Value: 'spot-alerts' }],
        Statistic: 'Maximum',
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      },
    },
  ])('tells the operator when $name', ({ alarm, is }) => {
    const operator = Object.entries(resourcesOf(stacks.alerts, 'AWS::SNS::Topic')).find(
      ([, topic]) => topic.Properties['TopicName'] === 'spot-alerts-operator',
    );
    const found = propertiesOf(stacks.alerts, 'AWS::CloudWatch::Alarm').find(
      ({ AlarmName }) => AlarmName === alarm,
    );
    expect(found).toMatchObject({ ...is, AlarmActions: [{ Ref: operator?.[0] }] });
  });
});

function variablesOf(fn: Resource['Properties']): Readonly<Record<string, string>> {
  const { Variables } = fn['Environment'] as { readonly Variables: Readonly<Record<string, unknown>> };
  return Object.fromEntries(Object.entries(Variables).map(([name, value]) => [name, inWords(value)]));
}
