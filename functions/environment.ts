import { SHARD_APPS_MAX } from '../lib/domain/shards.ts';

/** What the stack, or the local run, tells its functions. */
export type Environment = {
  readonly region: string;
  readonly tableName: string;
  /** ARN of any topic of people, up to `<receiver>-<channel>`. */
  readonly topicArnPrefix: string;
  /** Apps per shard: must be what the schedules were cut by. */
  readonly shardAppsMax: number;
  /** Time between two ticks, which is how long what was refused waits. */
  readonly tickMs: number;
  /** Compiled configuration; undefined: `alerts.json` beside the function. */
  readonly configFile: string | undefined;
  /** A token given directly; undefined: from the secret the configuration names. */
  readonly signalsToken: string | undefined;
};

const MINUTE_MS = 60_000;

/** @throws Error naming every variable that is missing or wrong. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const wrong: string[] = [];
  const text = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '') wrong.push(`${name}: expected a value, found none`);
    return value ?? '';
  };
  const count = (name: string, otherwise: number): number => {
    const value = env[name];
    if (value === undefined) return otherwise;
    if (!/^[1-9]\d{0,8}$/.test(value))
      wrong.push(`${name}: expected a whole number above 0, found "${value}"`);
    return Number(value);
  };
  const environment: Environment = {
    region: text('AWS_REGION'),
    tableName: text('TABLE_NAME'),
    topicArnPrefix: text('TOPIC_ARN_PREFIX'),
    shardAppsMax: count('SHARD_APPS_MAX', SHARD_APPS_MAX),
    tickMs: count('TICK_MS', MINUTE_MS),
    configFile: env['ALERTS_CONFIG_FILE'],
    signalsToken: env['SIGNALS_TOKEN'],
  };
  if (wrong.length > 0) throw new Error(`the function's environment is incomplete: ${wrong.join('; ')}`);
  return environment;
}
