import * as z from 'zod';
import { asWanted } from './first-match.ts';
import { createLead, createMessageId, eventsOfMessage } from './leads.ts';
import type { Random } from './random.ts';
import { FIRST_MATCH_TEXT } from './texts.ts';
import { readDate, wholeSecondMs, writeDate } from './wire-date.ts';
import { EVENT_TYPES, type FakeApp, type WireEvent } from './wire-event.ts';
import type { World } from './world.ts';

const TEXT_MAX = 4_096;

const injectionSchema = z.strictObject({
  client: z.string().optional(),
  app: z.string().optional(),
  id: z.string().min(1).max(1_024).optional(),
  type: z.enum(EVENT_TYPES).optional(),
  text: z.string().max(TEXT_MAX).optional(),
  phone: z.string().max(256).optional(),
  campaign: z.string().max(256).optional(),
  ad: z.string().max(256).optional(),
  date: z
    .string()
    .refine((text) => readDate(text) !== undefined, 'expected a date such as 2026-11-22T15:04:05')
    .optional(),
});

/** An event to add by hand. Left out: the first app, `keyword`, a text that matches, a made-up lead, now. */
export type Injection = z.input<typeof injectionSchema>;

/** The event that was added, and the app it belongs to. */
export type Injected = { readonly client: string; readonly app: string; readonly event: WireEvent };

/** An injection that cannot be carried out, with everything that is wrong with it. */
export class InjectionError extends Error {
  override readonly name = 'InjectionError';
}

/** Where injected events go. */
export type InjectionTarget = {
  readonly world: World;
  readonly apps: readonly [FakeApp, ...FakeApp[]];
  readonly random: Random;
  readonly nowMs: number;
};

/**
 * Adds one event; it is kept when this returns.
 *
 * @throws InjectionError
 */
export function injectEvent(target: InjectionTarget, input: unknown): Injected {
  const { world, random, nowMs } = target;
  const injection = parseInjection(input);
  const app = findApp(target.apps, injection);
  const lead = asWanted(createLead(random, app, nowMs), injection);
  const [made] = eventsOfMessage(
    { ...lead, phone: injection.phone ?? lead.phone },
    {
      id: injection.id ?? createMessageId(random),
      types: [injection.type ?? 'keyword'],
      text: injection.text ?? FIRST_MATCH_TEXT,
      atMs: nowMs,
      spelling: 'sample',
    },
  );
  if (made === undefined) throw new Error('one type gives one event');
  const event = { ...made, date: injection.date ?? writeDate(wholeSecondMs(nowMs), 'sample') };
  world.append([{ kind: 'event', client: app.client, origin: 'injected', appearedAtMs: nowMs, event }]);
  return { client: app.client, app: app.app, event };
}

function parseInjection(input: unknown): z.output<typeof injectionSchema> {
  const parsed = injectionSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const sentences = parsed.error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter(Boolean).join(': '),
  );
  throw new InjectionError(sentences.join('; '));
}

function findApp(apps: InjectionTarget['apps'], wanted: Injection): FakeApp {
  const found = apps.find(
    ({ client, app }) => (wanted.client ?? client) === client && (wanted.app ?? app) === app,
  );
  if (found !== undefined) return found;
  const known = apps.map(({ client, app, name }) => `${client}/${app} (${name})`).join(', ');
  throw new InjectionError(
    `no app ${wanted.client ?? 'of any client'}/${wanted.app ?? '(any)'}; there is ${known}`,
  );
}
