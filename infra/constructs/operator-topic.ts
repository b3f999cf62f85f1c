import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { operatorTopicName } from '../names.ts';

export interface OperatorTopicProps {
  /** The name in alerts.yaml. */
  readonly name: string;
  /** E-mail addresses that hear of alarms; without any, alarms are seen in the console only. */
  readonly operators: readonly string[];
}

/** Where alarms go: a path that needs neither the customer key nor an alert topic, since either may be what broke. */
export class OperatorTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: OperatorTopicProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.topic = new Topic(this, 'Topic', {
      topicName: operatorTopicName(props.name),
      displayName: `${props.name} alarms`,
      enforceSSL: true,
    });
    // A policy of its own takes the place of the default one, under which alarms may publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisStack',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: {
            'aws:SourceArn': stack.formatArn({
              service: 'cloudwatch',
              resource: 'alarm',
              resourceName: `${props.name}-*`,
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          },
        },
      }),
    );
    for (const operator of props.operators) this.topic.addSubscription(new EmailSubscription(operator));
  }
}
