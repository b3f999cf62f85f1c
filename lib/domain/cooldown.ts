import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Cooldown } from './alert-config.ts';
import type { AlertFacts } from './ledger-row.ts';

/** `<rule>#<group>`: where the cooldown of a rule for one group is kept. The group is hashed: it may be a phone number. */
export type CooldownKey = `${string}#${string}`;

/** An alert that was told and keeps others of its group quiet. */
export type CooldownStart = {
  /** When its event occurred. */
  readonly atMs: number;
  /** Formatted key of its row. */
  readonly by: string;
};

/** Alerts of one group that were told, earliest first. */
export type Cooldowns = { readonly starts: readonly CooldownStart[]; readonly expiresAtS: number };

export type CooldownVerdict =
  /** Nobody was told within the cooldown: this alert is, and starts one. */
  | { readonly kind: 'starts'; readonly next: Cooldowns }
  /** This very alert started it, in an invocation that did not finish. */
  | { readonly kind: 'started' }
  | { readonly kind: 'quiet'; readonly by: string };

/** Alerts that one group remembers, which bounds its item. One that comes later than all of these is told. */
const STARTS_MAX = 200;
const RETENTION_MS = 35 * 24 * 3_600_000;

/** What an alert cools down with: its lead, say. Undefined when it has no such thing: it is told. Personal data. */
export function groupOf(facts: AlertFacts, per: Cooldown['per']): string | undefined {
  switch (per) {
    case 'lead':
      return facts.phone;
    case 'campaign':
      return facts.campaignId;
    case 'ad':
      return facts.adId;
    case 'app':
      return '';
  }
}

/** The key under which an alert cools down; undefined without a group. `secret` keeps numbers from being guessed. */
export function cooldownKeyOf(
  facts: AlertFacts,
  per: Cooldown['per'],
  secret: string,
): CooldownKey | undefined {
  const group = groupOf(facts, per);
  if (group === undefined) return undefined;
  const digest = hmac(sha256, utf8ToBytes(secret), utf8ToBytes(JSON.stringify([facts.app, per, group])));
  return `${facts.rule}#${bytesToHex(digest.subarray(0, 16))}`;
}

/**
 * Whether an alert is told, by event time: neither a late tick nor the order of reading changes which alerts lie within
 * a cooldown of one that was told.
 */
export function judgeCooldown(
  seen: Cooldowns | undefined,
  alert: CooldownStart,
  forMs: number,
  nowMs: number,
): CooldownVerdict {
  const starts = seen?.starts ?? [];
  if (starts.some((start) => start.by === alert.by)) return { kind: 'started' };
  const near = starts.findLast((start) => Math.abs(alert.atMs - start.atMs) < forMs);
  if (near !== undefined) return { kind: 'quiet', by: near.by };
  const next = [...starts, alert].sort((a, b) => a.atMs - b.atMs).slice(-STARTS_MAX);
  return { kind: 'starts', next: { starts: next, expiresAtS: Math.ceil((nowMs + RETENTION_MS) / 1000) } };
}
