import { createRandom, type Random, seedOf } from './random.ts';
import { LANGUAGES, type Language } from './texts.ts';
import { type DateSpelling, writeDate } from './wire-date.ts';
import { appKeyOf, type EventType, type FakeApp, type WireEvent } from './wire-event.ts';

const DAY_MS = 86_400_000;

/** Somebody who came through an ad. Numbers are from the range reserved for fiction, +1 202 555 01xx. */
export type Lead = {
  readonly app: FakeApp;
  readonly language: Language;
  /** Digits without a plus, as the API prints them; some leads have a handle in place of a number. */
  readonly phone: string | null;
  readonly campaignId: string | null;
  readonly adId: string | null;
  readonly conversationId: string;
  readonly expiresAtMs: number;
  readonly sourceId: string;
};

/** A message of a lead: it gives one event per type, all under one id. */
export type LeadMessage = {
  readonly id: string;
  readonly types: readonly EventType[];
  readonly text: string | null;
  readonly atMs: number;
  readonly spelling: DateSpelling;
};

/** A new lead of the app, from one of its two campaigns with two ads each, or from no ad at all. */
export function createLead(random: Random, app: FakeApp, atMs: number): Lead {
  const ofCampaign = createRandom(seedOf(appKeyOf(app), 'campaign', random.below(2)));
  const campaignId = metaId(ofCampaign);
  const adIds = [metaId(ofCampaign), metaId(ofCampaign)] as const;
  const fromAd = random.chance(0.9);
  return {
    app,
    language: random.pick(LANGUAGES),
    phone: random.chance(0.93) ? fictionalPhone(random) : `US.madeup${random.bytes(6).toString('hex')}`,
    campaignId: fromAd ? campaignId : null,
    adId: fromAd ? random.pick(adIds) : null,
    conversationId: random.bytes(4).toString('hex'),
    expiresAtMs: atMs + DAY_MS,
    sourceId: `So${random.bytes(4).toString('hex')}`,
  };
}

/** The events of a message, as the API shows them. */
export function eventsOfMessage(lead: Lead, message: LeadMessage): readonly WireEvent[] {
  return message.types.map((type) => ({
    id: message.id,
    app_id: lead.app.app,
    ad_id: lead.adId,
    campaign_id: lead.campaignId,
    phone: lead.phone,
    type,
    type_id: typeIdOf(lead.app, type),
    type_value: message.text,
    date: writeDate(message.atMs, message.spelling),
    conversation_id: lead.conversationId,
    conversation_expire_time: writeDate(lead.expiresAtMs, 'offset'),
    source_id: lead.sourceId,
  }));
}

/** A made-up message id in one of the two shapes seen: bare base64url, or `wamid.` and base64 with + / =. */
export function createMessageId(random: Random): string {
  if (random.chance(0.5)) return `ABGG${random.bytes(18).toString('base64url')}`;
  return `wamid.HBg${random.bytes(26).toString('base64')}`;
}

/** Digits of a number from +1 202 555 0100 to 0199. */
function fictionalPhone(random: Random): string {
  return `120255501${String(random.below(100)).padStart(2, '0')}`;
}

/** Every type of an app is one configured thing with one id, except what no id was ever seen for. */
function typeIdOf(app: FakeApp, type: EventType): string | null {
  if (type === 'conversation' || type === 'engagement') return null;
  return createRandom(seedOf(appKeyOf(app), type))
    .bytes(12)
    .toString('hex');
}

function metaId(random: Random): string {
  return `2385${Array.from({ length: 13 }, () => random.below(10)).join('')}`;
}
