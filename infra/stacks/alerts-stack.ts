import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { AlertConfig } from '../../lib/domain/alert-config.ts';
import { cutShards } from '../../lib/domain/shards.ts';
import { AlertFunction } from '../constructs/alert-function.ts';
import { BasicAlarms, METRICS_NAMESPACE } from '../constructs/basic-alarms.ts';
import { MinuteSchedules } from '../constructs/minute-schedules.ts';
import { OperatorTopic } from '../constructs/operator-topic.ts';
import { ReceiverTopics } from '../constructs/receiver-topics.ts';
import { functionName, scheduleName } from '../names.ts';
import { acknowledgeTopicPattern, digestStatements, pollStatements } from '../permissions.ts';

export interface AlertsStackProps extends StackProps {
  readonly config: AlertConfig;
  /** Apps of one shard, 1 to 100; each shard has a poll schedule. */
  readonly shardAppsMax: number;
  /** E-mail addresses that hear of alarms. */
  readonly operators: readonly string[];
  readonly table: TableV2;
  /** Encrypts the table and the alert topics. */
  readonly key: IKey;
}

/** What polls and alerts. It holds no state: it may be deleted and deployed again at any time. */
export class AlertsStack extends Stack {
  constructor(scope: Construct, id: string, props: AlertsStackProps) {
    super(scope, id, {
      description: `Polls the Signals API and alerts people: ${props.config.stack.name}.`,
      ...props,
    });
    const { config, shardAppsMax, operators, table, key } = props;
    const { name } = config.stack;

    new ReceiverTopics(this, 'Receivers', { config, key });

    const environment = {
      TABLE_NAME: table.tableName,
      TOPIC_ARN_PREFIX: this.formatArn({ service: 'sns', resource: `${name}-` }),
      // The functions cut the shards again: by any other number they would miss apps.
      SHARD_APPS_MAX: String(shardAppsMax),
      POWERTOOLS_SERVICE_NAME: name,
      POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      POWERTOOLS_LOG_LEVEL: 'INFO',
    };
    const poll = new AlertFunction(this, 'Poll', {
      kind: 'poll',
      config,
      environment,
      statements: pollStatements(this, config, table, key),
    });
    const digest = new AlertFunction(this, 'Digest', {
      kind: 'digest',
      config,
      environment,
      statements: digestStatements(this, config, table, key),
    });

    for (const { role } of [poll, digest]) acknowledgeTopicPattern(role, config);

    new MinuteSchedules(this, 'PollSchedules', {
      function: poll.function,
      functionName: functionName(name, 'poll'),
      ticks: cutShards(config.apps, shardAppsMax).map(({ index }) => ({
        id: `Shard${index}`,
        scheduleName: scheduleName(name, 'poll', index),
        input: { shard: index },
      })),
    });
    new MinuteSchedules(this, 'DigestSchedule', {
      function: digest.function,
      functionName: functionName(name, 'digest'),
      ticks: [{ id: 'Tick', scheduleName: scheduleName(name, 'digest'), input: {} }],
    });

    const operator = new OperatorTopic(this, 'Operator', { name, operators });
    new BasicAlarms(this, 'Alarms', {
      name,
      secretName: config.signals.credentials,
      poll: poll.function,
      digest: digest.function,
      operator: operator.topic,
    });
    new CfnOutput(this, 'OperatorTopicArn', { value: operator.topic.topicArn });
  }
}
