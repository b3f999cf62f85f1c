import { join } from 'node:path';
import * as z from 'zod';
import { CannotStartError } from '../cannot-start.ts';
import { damagedLine, openJsonLines } from '../json-lines.ts';

const entrySchema = z.object({
  /** When it was delivered, ISO 8601 in UTC. */
  at: z.string(),
  channel: z.enum(['email', 'sms']),
  /** An e-mail address, or a number in E.164. */
  address: z.string(),
  subject: z.string().optional(),
  body: z.string(),
  messageId: z.string(),
  /** The ARN; undefined for a message sent to a number directly. */
  topic: z.string().optional(),
});

/** One message as one person got it. */
export type InboxEntry = z.output<typeof entrySchema>;

/** What everybody got, one inbox per address. */
export type Inbox = {
  /** Oldest first, of all addresses. */
  entries(): readonly InboxEntry[];
  /** Oldest first, of one address. */
  of(address: string): readonly InboxEntry[];
  /** In the order in which they first got something. */
  addresses(): readonly string[];
  /** Tells of every delivery once it is written; returns what ends that. */
  onDelivery(listener: (entry: InboxEntry) => void): () => void;
};

/** The side of the inbox only the endpoint has. */
export type WritableInbox = Inbox & {
  /** Returns once the entries are written: what was answered is never missing after a kill. */
  deliver(entries: readonly InboxEntry[]): void;
  close(): void;
};

/** Opens the inbox kept in `directory/inbox.jsonl`, or one in memory. */
export function openInbox(directory: string | undefined): WritableInbox {
  const path = directory === undefined ? undefined : join(directory, 'inbox.jsonl');
  const file = openJsonLines(path);
  const entries: InboxEntry[] = file.loaded.map((line, index) => {
    const parsed = entrySchema.safeParse(line);
    if (!parsed.success)
      throw new CannotStartError(damagedLine(path, index + 1, 'is no inbox entry'), { cause: parsed.error });
    return parsed.data;
  });
  const listeners = new Set<(entry: InboxEntry) => void>();

  return {
    entries: () => [...entries],
    of: (address) => entries.filter((entry) => entry.address === address),
    addresses: () => [...new Set(entries.map(({ address }) => address))],
    onDelivery: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    deliver: (delivered) => {
      file.append(delivered);
      entries.push(...delivered);
      for (const listener of listeners) {
        // A listener that throws must not turn what was delivered into a failed publish.
        queueMicrotask(() => {
          for (const entry of delivered) listener(entry);
        });
      }
    },
    close: file.close,
  };
}
