import { Aws, Stack, Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { AlertConfig } from '../lib/domain/alert-config.ts';

const POLL_TABLE_ACTIONS = ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem'];
const DIGEST_TABLE_ACTIONS = ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'];
const KEY_ACTIONS = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** All that functions/poll may do: read and write rows, publish to alert topics, read the one secret. */
export function pollStatements(
  stack: Stack,
  config: AlertConfig,
  table: TableV2,
  key: IKey,
): readonly PolicyStatement[] {
  return [
    useTable(table, POLL_TABLE_ACTIONS),
    useKey(key),
    publishAlerts(stack, config),
    readCredentials(stack, config),
  ];
}

/** All that functions/digest may do: it deletes held items besides, and never calls the Signals API. */
export function digestStatements(
  stack: Stack,
  config: AlertConfig,
  table: TableV2,
  key: IKey,
): readonly PolicyStatement[] {
  return [useTable(table, DIGEST_TABLE_ACTIONS), useKey(key), publishAlerts(stack, config)];
}

/** Tells cdk-nag why this role publishes to a pattern. */
export function acknowledgeTopicPattern(role: Role, config: AlertConfig): void {
  const stack = Stack.of(role);
  for (const arn of alertTopicArns(stack, config)) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${withPlaceholders(arn)}]`,
      reason:
        'One topic for each receiver and channel: several hundred ARNs would outgrow a policy. The pattern ends in the channel, which leaves out the operator topic.',
    });
  }
}

/** The ARNs of all alert topics, as one pattern for each channel. */
function alertTopicArns(stack: Stack, config: AlertConfig): readonly string[] {
  return ['email', 'sms'].map((channel) =>
    stack.formatArn({ service: 'sns', resource: `${config.stack.name}-*-${channel}` }),
  );
}

function useTable(table: TableV2, operations: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    actions: operations.map((operation) => `dynamodb:${operation}`),
    resources: [table.tableArn],
  });
}

/** DynamoDB and SNS use the key on behalf of whoever calls them; less than this is refused by one of the two. */
function useKey(key: IKey): PolicyStatement {
  return new PolicyStatement({ actions: KEY_ACTIONS, resources: [key.keyArn] });
}

function publishAlerts(stack: Stack, config: AlertConfig): PolicyStatement {
  return new PolicyStatement({ actions: ['sns:Publish'], resources: [...alertTopicArns(stack, config)] });
}

function readCredentials(stack: Stack, config: AlertConfig): PolicyStatement {
  const secret = Secret.fromSecretNameV2(stack, 'Credentials', config.signals.credentials);
  return new PolicyStatement({
    actions: ['secretsmanager:GetSecretValue'],
    // Secrets Manager ends every ARN in a hyphen and six characters of its own.
    resources: [`${secret.secretArn}-??????`],
  });
}

/** An ARN as cdk-nag writes it in its findings: `<AWS::AccountId>` for what only the deployment knows. */
function withPlaceholders(arn: string): string {
  return arn.replaceAll(Aws.ACCOUNT_ID, '<AWS::AccountId>').replaceAll(Aws.PARTITION, '<AWS::Partition>');
}
