import { describe, expect, it } from 'vitest';
import { type Cooldowns, cooldownKeyOf, groupOf, judgeCooldown } from '../../lib/domain/cooldown.ts';
import { KEYWORD_ALERT } from '../fixtures/alert-facts.ts';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 22, 12);
const HALF_HOUR = 30 * MINUTE;

function toldAt(minutes: readonly number[]): Cooldowns {
  return {
    starts: minutes.map((minute) => ({ atMs: NOW + minute * MINUTE, by: `row at ${minute}` })),
    expiresAtS: 0,
  };
}

function judge(seen: Cooldowns | undefined, minute: number) {
  return judgeCooldown(seen, { atMs: NOW + minute * MINUTE, by: `row at ${minute}` }, HALF_HOUR, NOW);
}

describe('a cooldown', () => {
  it('starts with the first alert of a group', () => {
    expect(judge(undefined, 0)).toMatchObject({ kind: 'starts', next: { starts: toldAt([0]).starts } });
  });

  it.for([
    { name: 'right after it', minute: 1, kind: 'quiet' },
    { name: 'in its last moment', minute: 29.999, kind: 'quiet' },
    { name: 'when it is over', minute: 30, kind: 'starts' },
    { name: 'shortly before it, told late', minute: -29, kind: 'quiet' },
    { name: 'long before it, from a gap', minute: -30, kind: 'starts' },
  ])('judges an alert $name', ({ minute, kind }) => {
    expect(judge(toldAt([0]), minute).kind).toBe(kind);
  });

  it('remembers an alert from a gap before those after it', () => {
    expect(judge(toldAt([0]), -30)).toMatchObject({ next: { starts: toldAt([-30, 0]).starts } });
  });

  it('names the alert that was told', () => {
    expect(judge(toldAt([-60, 0, 60]), 70)).toEqual({ kind: 'quiet', by: 'row at 60' });
  });

  it('does not keep the alert quiet that started it', () => {
    expect(judge(toldAt([0]), 0)).toEqual({ kind: 'started' });
  });

  it('remembers the last two hundred alerts in order of time, for longer than any plan reads back', () => {
    const many = toldAt(Array.from({ length: 200 }, (_, index) => index * 60));
    const verdict = judge(many, 200 * 60);
    if (verdict.kind !== 'starts') throw new Error(`expected a start, got ${verdict.kind}`);
    const { starts, expiresAtS } = verdict.next;
    expect(starts.map((start) => start.by)).toEqual(
      Array.from({ length: 200 }, (_, index) => `row at ${(index + 1) * 60}`),
    );
    expect(expiresAtS).toBe(NOW / 1000 + 35 * 24 * 3_600);
  });
});

describe('the group of an alert', () => {
  const facts = { ...KEYWORD_ALERT, phone: '+12025550123', campaignId: 'c-7' };

  it('is its lead, campaign, ad or app; none where that is not known', () => {
    expect(groupOf(facts, 'lead')).toBe('+12025550123');
    expect(groupOf(facts, 'campaign')).toBe('c-7');
    expect(groupOf(facts, 'app')).toBe('');
    expect(groupOf(facts, 'ad')).toBeUndefined();
    expect(groupOf({ ...facts, adId: 'ad-1' }, 'ad')).toBe('ad-1');
    expect(cooldownKeyOf(facts, 'ad', 'secret')).toBeUndefined();
  });

  it('is not shown by its key, and another one under another secret, app, rule or kind', () => {
    const key = cooldownKeyOf(facts, 'lead', 'secret');
    const others = [
      cooldownKeyOf(facts, 'lead', 'other secret'),
      cooldownKeyOf({ ...facts, rule: 'another' }, 'lead', 'secret'),
      cooldownKeyOf({ ...facts, app: 'c-9/9' as typeof facts.app }, 'lead', 'secret'),
      cooldownKeyOf({ ...facts, campaignId: '+12025550123' }, 'campaign', 'secret'),
    ];
    expect(key).toMatch(/^[\w-]+#[0-9a-f]{32}$/);
    expect(key).not.toContain('2025550123');
    expect(new Set([key, ...others]).size).toBe(5);
    expect(cooldownKeyOf({ ...facts }, 'lead', 'secret')).toBe(key);
  });
});
