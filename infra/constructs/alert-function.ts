import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AlertConfig } from '../../lib/domain/alert-config.ts';
import { type FunctionKind, functionName, logGroupName } from '../names.ts';
import { functionCode } from './function-code.ts';

export interface AlertFunctionProps {
  /** The file under functions/ that holds the handler. */
  readonly kind: FunctionKind;
  readonly config: AlertConfig;
  /** Names and prefixes; never a secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** All the function may do, besides writing its own log. */
  readonly statements: readonly PolicyStatement[];
  /**
   * How long its log is kept.
   *
   * @default one month
   */
  readonly logRetention?: RetentionDays;
}

/** A function with a role, a log group and no retries of its own: a lost tick is made up by the next one. */
export class AlertFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: AlertFunctionProps) {
    super(scope, id);
    const { kind, config, logRetention = RetentionDays.ONE_MONTH } = props;
    const name = functionName(config.stack.name, kind);

    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: logGroupName(config.stack.name, kind),
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    const writeLog = new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    this.role = new Role(this, 'Role', {
      description: `What ${name} may do`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { exact: new PolicyDocument({ statements: [writeLog, ...props.statements] }) },
    });
    this.function = new LambdaFunction(this, 'Function', {
      functionName: name,
      code: functionCode(kind, config),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      // Below the minute between two ticks, so that a hung tick and its successor hardly overlap.
      timeout: Duration.seconds(50),
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      environment: { ...props.environment },
      // The scheduler invokes asynchronously; AWS Lambda would otherwise repeat a failed tick twice.
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
    });
  }
}
