import type { App } from 'aws-cdk-lib';
import type { AlertConfig } from '../lib/domain/alert-config.ts';
import { stackNames } from './names.ts';
import { AlertsStack } from './stacks/alerts-stack.ts';
import { StateStack } from './stacks/state-stack.ts';

/** What the stacks are made of: a checked file, and choices that stand outside it. */
export type Deployment = {
  readonly config: AlertConfig;
  /** Apps of one shard, 1 to 100. */
  readonly shardAppsMax: number;
  /** E-mail addresses that hear of alarms. */
  readonly operators: readonly string[];
  readonly region: string;
  /** Undefined: whichever account the credentials belong to when it is deployed. */
  readonly account: string | undefined;
};

/** The whole deployment: state in a stack of its own, everything else beside it. */
export function addStacks(
  app: App,
  deployment: Deployment,
): { readonly state: StateStack; readonly alerts: AlertsStack } {
  const { config, shardAppsMax, operators, region, account } = deployment;
  const { name } = config.stack;
  const [stateName, alertsName] = stackNames(name);
  const env = account === undefined ? { region } : { region, account };

  const state = new StateStack(app, stateName, { env, name });
  const { table, key } = state;
  const alerts = new AlertsStack(app, alertsName, { env, config, shardAppsMax, operators, table, key });
  return { state, alerts };
}
