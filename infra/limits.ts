import type { AlertConfig } from '../lib/domain/alert-config.ts';
import { cutShards } from '../lib/domain/shards.ts';
import {
  alarmNames,
  functionName,
  operatorTopicName,
  scheduleName,
  stackNames,
  subscribedTopics,
  tableName,
} from './names.ts';

/** One limit of AWS that the deployment would break. */
export type LimitBroken = {
  readonly what: string;
  readonly limit: number;
  readonly found: number;
  readonly remedy: string;
};

/** What decides how large the alerts stack becomes. */
export type Size = {
  readonly config: AlertConfig;
  /** Apps of one shard, 1 to 100. */
  readonly shardAppsMax: number;
  readonly operators: readonly string[];
};

// Policies are not counted: their size is constant, patterns of topics and the name of one secret.
const RESOURCES_MAX = 500;

// Two functions with role, log group and settings of their asynchronous calls; two schedule roles, the
// digest's schedule, the operator topic with its policy, six alarms.
const RESOURCES_FIXED = 19;
// A topic and its policy; each address adds a subscription.
const RESOURCES_PER_TOPIC = 2;

const REMEDY_SPLIT =
  'give people who hear of the same things one address (a mailing list), or move some clients with their receivers to a file and stack name of their own';
const REMEDY_STACK_NAME = 'shorten stack.name';

/** How many resources the alerts stack will have; one more than the limit and CloudFormation refuses it all. */
export function alertsResourceCount({ config, shardAppsMax, operators }: Size): number {
  const shardCount = cutShards(config.apps, shardAppsMax).length;
  const topics = subscribedTopics(config);
  const addresses = topics.reduce((sum, topic) => sum + new Set(topic.addresses).size, 0);
  return RESOURCES_FIXED + shardCount + operators.length + topics.length * RESOURCES_PER_TOPIC + addresses;
}

/** Every limit this deployment would break, before any resource is made; none: it may be synthesised. */
export function brokenLimits(size: Size): readonly LimitBroken[] {
  const { name } = size.config.stack;
  const shardCount = cutShards(size.config.apps, size.shardAppsMax).length;
  const lastSchedule = scheduleName(name, 'poll', shardCount - 1);
  const all: readonly LimitBroken[] = [
    {
      what: 'resources in one CloudFormation stack',
      limit: RESOURCES_MAX,
      found: alertsResourceCount(size),
      remedy: REMEDY_SPLIT,
    },
    ...nameLimits('the name of a stack', 128, stackNames(name), REMEDY_STACK_NAME),
    ...nameLimits('the name of the table', 255, [tableName(name)], REMEDY_STACK_NAME),
    ...nameLimits('the name of a function', 64, [functionName(name, 'digest')], REMEDY_STACK_NAME),
    ...nameLimits('the name of a schedule', 64, [lastSchedule], REMEDY_STACK_NAME),
    ...nameLimits('the name of an alarm', 255, alarmNames(name), REMEDY_STACK_NAME),
    ...nameLimits(
      'the name of a topic',
      256,
      [operatorTopicName(name), ...subscribedTopics(size.config).map((topic) => topic.name)],
      'shorten stack.name or the name of the receiver',
    ),
  ];
  return all.filter(({ limit, found }) => found > limit);
}

/** One line for each limit, in the order given. */
export function formatLimits(broken: readonly LimitBroken[]): string {
  return broken
    .map(({ what, limit, found, remedy }) => `${what}: at most ${limit}, found ${found} - ${remedy}`)
    .join('\n');
}

function nameLimits(
  what: string,
  limit: number,
  names: readonly string[],
  remedy: string,
): readonly LimitBroken[] {
  return names
    .filter((name) => name.length > limit)
    .map((name) => ({
      what: `characters in ${what} (${name.slice(0, 40)}…)`,
      limit,
      found: name.length,
      remedy,
    }));
}
