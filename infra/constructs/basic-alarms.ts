import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Measure } from '../../lib/ports/telemetry.ts';
import { alarmName, logGroupName } from '../names.ts';

/** Where the functions count; lib/adapters/telemetry writes there. */
export const METRICS_NAMESPACE = 'SignalsAlerts';

export interface BasicAlarmsProps {
  /** The name in alerts.yaml: the first part of every alarm's name, and the `service` of its metrics. */
  readonly name: string;
  /** Name of the secret with the token: what to look at when polls are refused. */
  readonly secretName: string;
  readonly poll: IFunction;
  readonly digest: IFunction;
  readonly operator: ITopic;
}

/** The alarms nobody should run without: polling stopped, a function fails, an alert was given up. */
export class BasicAlarms extends Construct {
  constructor(scope: Construct, id: string, props: BasicAlarmsProps) {
    super(scope, id);
    const { name, secretName, poll, digest, operator } = props;
    const fiveMinutes = { period: Duration.minutes(5), statistic: Stats.SUM };

    const alarm = (alarmId: string, alarmProps: AlarmProps): void => {
      const action = new SnsAction(operator);
      const raised = new Alarm(this, alarmId, alarmProps);
      raised.addAlarmAction(action);
      raised.addOkAction(action);
    };

    for (const [alarmId, kind, fn, consequence] of [
      ['NoTick', 'no-tick', poll, 'nothing is read'],
      [
        'DigestNoTick',
        'digest-no-tick',
        digest,
        'what is held is not told, and failed alerts raise no alarm',
      ],
    ] as const) {
      alarm(alarmId, {
        alarmName: alarmName(name, kind),
        alarmDescription: `No tick for five minutes: ${consequence}. See that the schedules are enabled.`,
        metric: fn.metricInvocations(fiveMinutes),
        threshold: 1,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.BREACHING,
      });
    }

    for (const [kind, fn] of [
      ['poll', poll],
      ['digest', digest],
    ] as const) {
      alarm(`${kind}Fails`, {
        alarmName: alarmName(name, `${kind}-fails`),
        alarmDescription: `functions/${kind} failed three times within five minutes. Its log says why: ${logGroupName(name, kind)}.`,
        metric: fn.metricErrors(fiveMinutes),
        // A single failed tick is made up by the next one.
        threshold: 3,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
    }

    alarm('Unauthorised', {
      alarmName: alarmName(name, 'unauthorised'),
      alarmDescription:
        `Polls are refused for want of a valid token. Look at the secret ${secretName}: it is missing, unusable ` +
        `or out of date; the log says which: ${logGroupName(name, 'poll')}.`,
      metric: counted(name, 'Unauthorised', Stats.SUM),
      // A refused app is asked again every five minutes at the least: two periods of three hold a refusal while it
      // lasts, and one that passes by itself, as while a token is replaced, raises nothing.
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });

    alarm('Failed', {
      alarmName: alarmName(name, 'failed'),
      alarmDescription:
        'Alerts were given up, or events read late or never. See why, mend it, retry: npx signals-alerts failed list',
      metric: counted(name, 'FailedListed', Stats.MAXIMUM),
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

/** A metric the functions count themselves, over five minutes. */
function counted(name: string, measure: Measure, statistic: string): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: measure,
    dimensionsMap: { service: name },
    period: Duration.minutes(5),
    statistic,
  });
}
