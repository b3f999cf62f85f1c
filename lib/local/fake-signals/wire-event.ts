import * as z from 'zod';

/** The event types the reference documents, in its order. */
export const EVENT_TYPES = [
  'button',
  'button_reply',
  'conversation',
  'converted',
  'engagement',
  'keyword',
  'link',
  'list',
  'list_reply',
] as const;

/** One of the documented event types. */
export type EventType = (typeof EVENT_TYPES)[number];

/** One event as the API prints it. What the source does not know is null. */
export const wireEventSchema = z.object({
  id: z.string(),
  app_id: z.string(),
  ad_id: z.string().nullable(),
  campaign_id: z.string().nullable(),
  phone: z.string().nullable(),
  type: z.enum(EVENT_TYPES),
  type_id: z.string().nullable(),
  type_value: z.string().nullable(),
  date: z.string(),
  conversation_id: z.string().nullable(),
  conversation_expire_time: z.string().nullable(),
  source_id: z.string().nullable(),
});

/** One event as the API prints it; see `wireEventSchema`. */
export type WireEvent = z.output<typeof wireEventSchema>;

/** An app of the fake world. */
export type FakeApp = { readonly client: string; readonly app: string; readonly name: string };

/** Identifies an app in maps: ids of different clients may coincide. */
export function appKeyOf(app: { readonly client: string; readonly app: string }): string {
  return `${app.client}/${app.app}`;
}
