import { topicName } from '../lib/adapters/sns/topic-name.ts';
import type { AlertConfig } from '../lib/domain/alert-config.ts';
import { type Channel, targetOf } from '../lib/domain/identity.ts';

/** A Lambda function of the stack, named after its file under functions/. */
export type FunctionKind = 'poll' | 'digest';

const ALARMS = ['no-tick', 'digest-no-tick', 'poll-fails', 'digest-fails', 'unauthorised', 'failed'] as const;

/** Each has a runbook heading of the same name. */
export type AlarmKind = (typeof ALARMS)[number];

/** One receiver's channel with its topic. */
export type Subscribed = {
  readonly name: string;
  readonly receiver: string;
  readonly channel: Channel;
  readonly addresses: readonly string[];
};

/** Explicit, so that CloudFormation refuses any change that would replace the table. */
export function tableName(stack: string): string {
  return `${stack}-state`;
}

/** Explicit, so that an operator finds function and log without asking CloudFormation. */
export function functionName(stack: string, kind: FunctionKind): string {
  return `${stack}-${kind}`;
}

/** Where Lambda writes unless told otherwise, so that a console finds it. */
export function logGroupName(stack: string, kind: FunctionKind): string {
  return `/aws/lambda/${functionName(stack, kind)}`;
}

/** The one schedule of the digest, or that of a shard. */
export function scheduleName(stack: string, kind: FunctionKind, shard?: number): string {
  return shard === undefined ? `${stack}-${kind}` : `${stack}-${kind}-${shard}`;
}

/** Ends in no channel, so that what may publish alerts may not publish here. */
export function operatorTopicName(stack: string): string {
  return `${stack}-operator`;
}

/** Every topic people subscribe to, in the order of the file. */
export function subscribedTopics(config: AlertConfig): readonly Subscribed[] {
  return config.receivers.flatMap((receiver) => {
    const channels: readonly [Channel, readonly string[] | undefined][] = [
      ['email', receiver.email?.to],
      ['sms', receiver.sms?.to],
    ];
    return channels.flatMap(([channel, addresses]) => {
      if (addresses === undefined) return [];
      const name = topicName(config.stack.name, targetOf(receiver.name, channel));
      return [{ name, receiver: receiver.name, channel, addresses }];
    });
  });
}

/** The stack that is kept, then the one that may go. */
export function stackNames(stack: string): readonly [state: string, alerts: string] {
  return [`${stack}-state`, `${stack}-alerts`];
}

/** The alarm's kind is also its heading in the runbook. */
export function alarmName(stack: string, alarm: AlarmKind): string {
  return `${stack}-${alarm}`;
}

/** All alarms the stack raises. */
export function alarmNames(stack: string): readonly string[] {
  return ALARMS.map((alarm) => alarmName(stack, alarm));
}
