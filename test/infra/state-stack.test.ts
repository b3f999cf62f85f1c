import { beforeAll, expect, it } from 'vitest';
import { resourcesOf, type Synthesised, synthesised } from './synthesised.ts';

let stacks: Synthesised;
beforeAll(() => {
  stacks = synthesised();
});

it('keeps the table under its logical id, with its name, keys, expiry and protections', () => {
  expect(resourcesOf(stacks.state, 'AWS::DynamoDB::GlobalTable')).toEqual({
    Table: {
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: {
        TableName: 'spot-alerts-state',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        Replicas: [
          {
            Region: 'eu-west-1',
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
            SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } },
          },
        ],
      },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    },
  });
});

it('keeps a key of its own, rotated, under its logical id', () => {
  const keys = resourcesOf(stacks.state, 'AWS::KMS::Key');
  expect(Object.keys(keys)).toEqual(['Key']);
  expect(keys['Key']).toMatchObject({
    Properties: { EnableKeyRotation: true },
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
  });
});

it('holds the table and the key, nothing else', () => {
  expect(Object.keys(stacks.state.toJSON()['Resources']).sort()).toEqual(['Key', 'Table']);
});

it('refuses to be deleted', () => {
  expect(stacks.stateIsProtected).toBe(true);
});
