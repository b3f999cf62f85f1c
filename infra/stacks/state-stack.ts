import { CfnElement, CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct, IConstruct } from 'constructs';
import { tableName } from '../names.ts';

export interface StateStackProps extends StackProps {
  /** The name in alerts.yaml; the table is named after it. */
  readonly name: string;
}

/** What must outlive every deployment: the table and its key. Nothing in here is ever replaced. */
export class StateStack extends Stack {
  readonly table: TableV2;
  readonly key: Key;

  constructor(scope: Construct, id: string, props: StateStackProps) {
    super(scope, id, {
      description: `State of ${props.name}: what was alerted, held and failed. Kept when the stack goes.`,
      ...props,
      terminationProtection: true,
    });

    this.key = new Key(this, 'Key', {
      description: `Encrypts the table and the alert topics of ${props.name}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });

    this.table = new TableV2(this, 'Table', {
      tableName: tableName(props.name),
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.customerManagedKey(this.key),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });

    freezeLogicalId(this.key, 'Key');
    freezeLogicalId(this.table, 'Table');

    new CfnOutput(this, 'TableName', { value: this.table.tableName });
    new CfnOutput(this, 'KeyArn', { value: this.key.keyArn });
  }
}

/** A logical id that followed the construct tree would replace the resource when the tree is tidied up. */
function freezeLogicalId({ node }: IConstruct, logicalId: string): void {
  const resource = node.defaultChild;
  if (!CfnElement.isCfnElement(resource))
    throw new Error(`${node.path} has no resource to name ${logicalId}`);
  resource.overrideLogicalId(logicalId);
}
