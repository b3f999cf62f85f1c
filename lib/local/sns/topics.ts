import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { CannotStartError } from '../cannot-start.ts';
import { damagedLine, openJsonLines } from '../json-lines.ts';

/** The account everything local belongs to. */
export const ACCOUNT = '000000000000';

const topicSchema = z.object({
  kind: z.literal('topic'),
  name: z.string(),
  attributes: z.record(z.string(), z.string()),
});
const deletedSchema = z.object({ kind: z.literal('deleted'), name: z.string() });
const subscriptionSchema = z.object({
  kind: z.literal('subscription'),
  id: z.string(),
  topic: z.string(),
  protocol: z.enum(['email', 'sms']),
  endpoint: z.string(),
});
const lineSchema = z.discriminatedUnion('kind', [topicSchema, deletedSchema, subscriptionSchema]);

/** A topic; `name` is the last part of its ARN. */
export type Topic = z.output<typeof topicSchema>;

/** Who hears of a topic. Confirmed from the start: there is nobody here who could click a link. */
export type Subscription = z.output<typeof subscriptionSchema>;

/** The topics of one endpoint and their subscriptions, kept in `topics.jsonl` when it has a directory. */
export type Topics = {
  all(): readonly Topic[];
  find(name: string): Topic | undefined;
  create(name: string, attributes: Readonly<Record<string, string>>): Topic;
  /** With its subscriptions. */
  remove(name: string): void;
  /** The one there is, when the address already hears of the topic. */
  subscribe(topic: string, protocol: Subscription['protocol'], endpoint: string): Subscription;
  subscriptionsOf(topic: string): readonly Subscription[];
  close(): void;
};

/** Opens the topics kept in the directory, or none in memory. */
export function openTopics(directory: string | undefined): Topics {
  const path = directory === undefined ? undefined : join(directory, 'topics.jsonl');
  const file = openJsonLines(path);
  const topics = new Map<string, Topic>();
  let subscriptions: readonly Subscription[] = [];

  function apply(line: z.output<typeof lineSchema>): void {
    if (line.kind === 'topic') topics.set(line.name, line);
    if (line.kind === 'subscription') subscriptions = [...subscriptions, line];
    if (line.kind === 'deleted') {
      topics.delete(line.name);
      subscriptions = subscriptions.filter(({ topic }) => topic !== line.name);
    }
  }
  function record<Line extends z.output<typeof lineSchema>>(line: Line): Line {
    file.append([line]);
    apply(line);
    return line;
  }
  for (const [index, line] of file.loaded.entries()) {
    const parsed = lineSchema.safeParse(line);
    if (!parsed.success)
      throw new CannotStartError(damagedLine(path, index + 1, 'is no line of local topics'), {
        cause: parsed.error,
      });
    apply(parsed.data);
  }

  return {
    all: () => [...topics.values()],
    find: (name) => topics.get(name),
    create: (name, attributes) => record({ kind: 'topic', name, attributes }),
    remove: (name) => {
      if (topics.has(name)) record({ kind: 'deleted', name });
    },
    subscribe: (topic, protocol, endpoint) =>
      subscriptions.find(
        (known) => known.topic === topic && known.protocol === protocol && known.endpoint === endpoint,
      ) ?? record({ kind: 'subscription', id: randomUUID(), topic, protocol, endpoint }),
    subscriptionsOf: (name) => subscriptions.filter(({ topic }) => topic === name),
    close: file.close,
  };
}
