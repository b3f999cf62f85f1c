import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';

/** One schedule: what is invoked under which name, with which input. */
export type Tick = {
  /** Distinguishes the ticks of one function; part of the logical id. */
  readonly id: string;
  readonly scheduleName: string;
  readonly input: Readonly<Record<string, number>>;
};

export interface MinuteSchedulesProps {
  readonly function: IFunction;
  /** For people: what the role says it is for. */
  readonly functionName: string;
  readonly ticks: readonly Tick[];
}

/** Invokes one function every minute, once for each tick, without retries: the next minute does the work. */
export class MinuteSchedules extends Construct {
  constructor(scope: Construct, id: string, props: MinuteSchedulesProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const invoke = new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [props.function.functionArn],
    });
    const role = new Role(this, 'Role', {
      description: `Invokes ${props.functionName} every minute`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': stack.account,
            'aws:SourceArn': stack.formatArn({
              service: 'scheduler',
              resource: 'schedule-group',
              resourceName: 'default',
            }),
          },
        },
      }),
      inlinePolicies: { exact: new PolicyDocument({ statements: [invoke] }) },
    });

    for (const tick of props.ticks) {
      new Schedule(this, tick.id, {
        scheduleName: tick.scheduleName,
        schedule: ScheduleExpression.rate(Duration.minutes(1)),
        timeWindow: TimeWindow.off(),
        target: new LambdaInvoke(props.function, {
          // The target would add every version and alias of the function to what the role may invoke.
          role: role.withoutPolicyUpdates(),
          input: ScheduleTargetInput.fromObject(tick.input),
          retryAttempts: 0,
          maxEventAge: Duration.minutes(1),
        }),
      });
    }
  }
}
