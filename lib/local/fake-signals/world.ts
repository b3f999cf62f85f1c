import { join } from 'node:path';
import * as z from 'zod';
import { CannotStartError } from '../cannot-start.ts';
import { damagedLine, openJsonLines } from '../json-lines.ts';
import { readDate } from './wire-date.ts';
import { appKeyOf, type WireEvent, wireEventSchema } from './wire-event.ts';

const storedEventSchema = z.object({
  kind: z.literal('event'),
  client: z.string(),
  origin: z.enum(['history', 'ordinary', 'first-match', 'injected']),
  appearedAtMs: z.number(),
  event: wireEventSchema,
});
const polledSchema = z.object({
  kind: z.literal('polled'),
  client: z.string(),
  app: z.string(),
  atMs: z.number(),
});
const lineSchema = z.discriminatedUnion('kind', [storedEventSchema, polledSchema]);

/** An event of the world with what the API does not tell: why it is there and since when it is shown. */
export type StoredEvent = z.output<typeof storedEventSchema>;

/** A stored event with its date as an instant, by which it is found and ordered. */
export type DatedEvent = StoredEvent & { readonly atMs: number };

/** Everything the fake API knows. What is appended is on disk before anybody can ask for it. */
export type World = {
  append(events: readonly StoredEvent[]): void;
  /** Newest first, all apps of all clients. */
  events(): readonly DatedEvent[];
  /** Newest first; of equal dates, the one appended last comes first. */
  eventsOf(client: string, app: string): readonly DatedEvent[];
  /** When the app was polled for the first time; undefined until then. */
  firstPolledAtMs(client: string, app: string): number | undefined;
  /** Only the first call per app counts. */
  markPolled(client: string, app: string, atMs: number): void;
  close(): void;
};

/** Opens the world kept in `directory/events.jsonl`, or a fresh one in memory. */
export function openWorld(directory: string | undefined): World {
  const path = directory === undefined ? undefined : join(directory, 'events.jsonl');
  const file = openJsonLines(path);
  const oldestFirst = new Map<string, DatedEvent[]>();
  const polled = new Map<string, number>();

  for (const [index, line] of file.loaded.entries()) {
    const parsed = lineSchema.safeParse(line);
    if (!parsed.success)
      throw new CannotStartError(damagedLine(path, index + 1, 'is no line of a fake world'), {
        cause: parsed.error,
      });
    if (parsed.data.kind === 'polled') polled.set(appKeyOf(parsed.data), parsed.data.atMs);
    else insert(oldestFirst, parsed.data);
  }

  return {
    append: (events) => {
      file.append(events);
      for (const event of events) insert(oldestFirst, event);
    },
    events: () => [...oldestFirst.values()].flat().sort((left, right) => right.atMs - left.atMs),
    eventsOf: (client, app) => (oldestFirst.get(appKeyOf({ client, app })) ?? []).toReversed(),
    firstPolledAtMs: (client, app) => polled.get(appKeyOf({ client, app })),
    markPolled: (client, app, atMs) => {
      const key = appKeyOf({ client, app });
      if (polled.has(key)) return;
      file.append([{ kind: 'polled', client, app, atMs }]);
      polled.set(key, atMs);
    },
    close: file.close,
  };
}

/** Keeps each app's list sorted; nearly every event is the newest, so the search starts at the end. */
function insert(oldestFirst: Map<string, DatedEvent[]>, stored: StoredEvent): void {
  const key = appKeyOf({ client: stored.client, app: stored.event.app_id });
  const list = oldestFirst.get(key) ?? [];
  oldestFirst.set(key, list);
  const atMs = instantOf(stored.event);
  const before = list.findLastIndex((other) => other.atMs <= atMs);
  list.splice(before + 1, 0, { ...stored, atMs });
}

function instantOf(event: WireEvent): number {
  const date = readDate(event.date);
  if (date === undefined) throw new Error(`expected a date, got ${JSON.stringify(event.date)}`);
  return date.firstMs;
}
