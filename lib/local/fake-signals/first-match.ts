import type { Lead, LeadMessage } from './leads.ts';
import { FIRST_MATCH_TEXT } from './texts.ts';
import { appKeyOf, type EventType, type FakeApp } from './wire-event.ts';

/** An event that somebody wants to hear of. Left out: any app, `keyword`, the documented keyword, any campaign or ad. */
export type FirstMatch = {
  readonly client?: string | undefined;
  readonly app?: string | undefined;
  readonly type?: EventType | undefined;
  readonly text?: string | undefined;
  readonly campaign?: string | undefined;
  readonly ad?: string | undefined;
};

const STAGGER_MS = 5_000;

/** How much later than the first of them an app says what matches: the one that is wanted is the first. */
export function staggerMs(apps: readonly FakeApp[], wanted: FirstMatch, app: FakeApp): number {
  const isWanted = (known: FakeApp): boolean =>
    (wanted.client ?? known.client) === known.client && (wanted.app ?? known.app) === known.app;
  const ordered = [...apps.filter(isWanted), ...apps.filter((known) => !isWanted(known))];
  return ordered.findIndex((known) => appKeyOf(known) === appKeyOf(app)) * STAGGER_MS;
}

/** The lead, come through the ad that is wanted. */
export function asWanted(lead: Lead, wanted: FirstMatch): Lead {
  return { ...lead, campaignId: wanted.campaign ?? lead.campaignId, adId: wanted.ad ?? lead.adId };
}

/** What such an event is and says. */
export function contentOf(wanted: FirstMatch): Pick<LeadMessage, 'types' | 'text'> {
  return { types: [wanted.type ?? 'keyword'], text: wanted.text ?? FIRST_MATCH_TEXT };
}
