import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Event } from './event.ts';

/** `<client>/<app>`: neither part contains a slash (lib/config holds that line). */
export type AppKey = string & { readonly __brand: 'AppKey' };

/** First 128 bits of SHA-256, as 32 hex digits. */
export type EventHash = string & { readonly __brand: 'EventHash' };

/** `<receiver>/<channel>`. */
export type Target = `${string}/${Channel}`;

export type Channel = 'email' | 'sms';

export function appKey(client: string, app: string): AppKey {
  return `${client}/${app}` as AppKey;
}

export function targetOf(receiver: string, channel: Channel): Target {
  return `${receiver}/${channel}`;
}

export function receiverOf(target: Target): { readonly receiver: string; readonly channel: Channel } {
  const slash = target.lastIndexOf('/');
  return { receiver: target.slice(0, slash), channel: target.slice(slash + 1) as Channel };
}

/** The identity of an event is its id alone, so that an event that changes later is still the same event. */
export function hashEvent(event: Pick<Event, 'id' | 'canonical'>): EventHash {
  return hash128(event.id === undefined ? `body:${event.canonical}` : `id:${event.id}`) as EventHash;
}

/** First 128 bits of SHA-256 of `text`, as 32 hex digits. */
export function hash128(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)).subarray(0, 16));
}

/**
 * What a person quotes from a message to ask about it: `<2 hex of the app>-<8 hex of the event>`. The first
 * part leaves about one app in 256 to look at, the second is a prefix of the row's sort key there.
 */
export function referenceOf(app: AppKey, event: EventHash): string {
  return `${hash128(app).slice(0, 2)}-${event.slice(0, 8)}`;
}
