import { beforeAll, expect, it } from 'vitest';
import { alertConfig, appOf, receiver, rule, smsTo } from '../fixtures/alert-config.ts';
import { inWords, propertiesOf, type Synthesised, synthesised } from './synthesised.ts';

type Statement = {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
};
type Role = { readonly who: string; readonly statements: readonly Statement[] };

const SNS = 'arn:aws:sns:eu-west-1:111122223333';
const TABLE = '<spot-alerts-state:ExportsOutputFnGetAttTableArn48754775>';
const KEY = '<spot-alerts-state:ExportsOutputFnGetAttKeyArn66D44B37>';
const USE_KEY = [
  `kms:Decrypt ${KEY}`,
  `kms:DescribeKey ${KEY}`,
  `kms:Encrypt ${KEY}`,
  `kms:GenerateDataKey ${KEY}`,
  `kms:GenerateDataKeyWithoutPlaintext ${KEY}`,
  `kms:ReEncryptFrom ${KEY}`,
  `kms:ReEncryptTo ${KEY}`,
];
const PUBLISH = [`sns:Publish ${SNS}:spot-alerts-*-email`, `sns:Publish ${SNS}:spot-alerts-*-sms`];
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:signals-alerts/credentials-??????';
const SECRET_NAME_CHARACTERS_MAX = 512;
/** Of all inline policies of a role together; IAM refuses more. */
const ROLE_POLICY_CHARACTERS_MAX = 10_240;

let stacks: Synthesised;
let roles: ReadonlyMap<string, Role>;
beforeAll(() => {
  stacks = synthesised();
  roles = rolesOf(stacks);
});

it.for([
  {
    name: 'poll reads and writes rows, publishes to alert topics, and reads the one secret',
    role: 'What spot-alerts-poll may do',
    may: [
      `dynamodb:BatchGetItem ${TABLE}`,
      `dynamodb:GetItem ${TABLE}`,
      `dynamodb:PutItem ${TABLE}`,
      `dynamodb:UpdateItem ${TABLE}`,
      ...USE_KEY,
      'logs:CreateLogStream <PollLog3676806E.Arn>',
      'logs:PutLogEvents <PollLog3676806E.Arn>',
      `secretsmanager:GetSecretValue ${SECRET}`,
      ...PUBLISH,
    ],
  },
  {
    name: 'digest asks for held items and deletes them, and reads no secret',
    role: 'What spot-alerts-digest may do',
    may: [
      `dynamodb:DeleteItem ${TABLE}`,
      `dynamodb:GetItem ${TABLE}`,
      `dynamodb:PutItem ${TABLE}`,
      `dynamodb:Query ${TABLE}`,
      `dynamodb:UpdateItem ${TABLE}`,
      ...USE_KEY,
      'logs:CreateLogStream <DigestLogDE1102DA.Arn>',
      'logs:PutLogEvents <DigestLogDE1102DA.Arn>',
      ...PUBLISH,
    ],
  },
  {
    name: 'the poll schedules invoke functions/poll',
    role: 'Invokes spot-alerts-poll every minute',
    may: ['lambda:InvokeFunction <PollFunctionB53CB115.Arn>'],
  },
  {
    name: 'the digest schedule invokes functions/digest',
    role: 'Invokes spot-alerts-digest every minute',
    may: ['lambda:InvokeFunction <DigestFunction7BDDFF27.Arn>'],
  },
])('$name, and nothing else', ({ role, may }) => {
  expect(allowed(roles.get(role))).toEqual(may);
});

it('has no role and no policy besides these', () => {
  expect(roles.size).toBe(4);
  for (const type of ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::Lambda::Permission']) {
    expect(propertiesOf(stacks.alerts, type), type).toEqual([]);
  }
  for (const role of propertiesOf(stacks.alerts, 'AWS::IAM::Role')) {
    expect(role).not.toHaveProperty('ManagedPolicyArns');
  }
});

it('is assumed by the two services alone, the scheduler for this account alone', () => {
  const trusted = propertiesOf(stacks.alerts, 'AWS::IAM::Role').map(
    (role) => role['AssumeRolePolicyDocument'] as { readonly Statement: readonly Record<string, unknown>[] },
  );
  expect(trusted.flatMap(({ Statement }) => Statement).map(({ Principal }) => Principal)).toEqual([
    { Service: 'lambda.amazonaws.com' },
    { Service: 'lambda.amazonaws.com' },
    { Service: 'scheduler.amazonaws.com' },
    { Service: 'scheduler.amazonaws.com' },
  ]);
  for (const { Statement } of trusted.slice(2)) {
    expect(Statement[0]).toMatchObject({
      Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    });
  }
});

it('stays within the 10,240 characters of the policies of a role, however long the names and many the receivers', () => {
  const stackName = 's'.repeat(40);
  const names = Array.from({ length: 60 }, (_, index) => `receiver-${index}`);
  const config = alertConfig({
    stack: { name: stackName, region: 'eu-west-1' },
    signals: { ...alertConfig().signals, credentials: 'c'.repeat(SECRET_NAME_CHARACTERS_MAX) },
    apps: names.map((name) => appOf('c-123', name)),
    receivers: names.map((name) =>
      receiver(name, { email: { to: ['sales@example.com'] }, sms: smsTo('+12025550123') }),
    ),
    rules: [rule('ready-to-order', names)],
  });
  const longest = propertiesOf(synthesised({ config, shardAppsMax: 1 }).alerts, 'AWS::IAM::Role');
  expect(longest).toHaveLength(4);
  for (const { Description, Policies } of longest) {
    const characters = JSON.stringify(Policies).length;
    expect(characters, String(Description)).toBeLessThan(ROLE_POLICY_CHARACTERS_MAX);
  }
});

function rolesOf({ alerts }: Synthesised): ReadonlyMap<string, Role> {
  return new Map(
    propertiesOf(alerts, 'AWS::IAM::Role').map((properties) => {
      const policies = properties['Policies'] as readonly {
        readonly PolicyDocument: { readonly Statement: readonly Statement[] };
      }[];
      const who = String(properties['Description']);
      return [who, { who, statements: policies.flatMap((policy) => policy.PolicyDocument.Statement) }];
    }),
  );
}

/** Every `action resource` a role may do, sorted; a Deny would stand out as what it is. */
function allowed(role: Role | undefined): readonly string[] {
  const pairs = (role?.statements ?? []).flatMap(({ Effect, Action, Resource }) =>
    [Action].flat().flatMap((action) => {
      const effect = Effect === 'Allow' ? '' : `${Effect} `;
      return [Resource].flat().map((resource) => `${effect}${action} ${inWords(resource)}`);
    }),
  );
  return pairs.sort();
}
