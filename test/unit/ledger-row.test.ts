import { describe, expect, it } from 'vitest';
import { appKey, hashEvent } from '../../lib/domain/identity.ts';
import {
  expiryOf,
  formatKey,
  hasOpen,
  parseKey,
  rowKey,
  type TargetStates,
} from '../../lib/domain/ledger-row.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const DAY_S = 24 * 3_600;
const open = { is: 'open' } as const;
const sent = { is: 'sent', messageId: 'm', atMs: NOW, alertCount: 1 } as const;
const held = {
  is: 'held',
  untilMs: NOW,
  because: 'storm',
  unknownCount: 0,
  troubledSinceMs: undefined,
  lastError: undefined,
} as const;

function expiry(to: TargetStates): number | undefined {
  return expiryOf({ facts: { occurredAtMs: NOW }, to }, NOW + 1);
}

describe('a row of the ledger', () => {
  it('has its app in its partition and its event before its rule in its place there', () => {
    const hash = hashEvent({ id: 'e-1', canonical: '' });
    const key = rowKey(appKey('c-123', '72822'), hash, 'order');
    expect(key).toEqual({ pk: 'app#c-123/72822', sk: `alert#${hash}#order` });
    expect(parseKey(formatKey(key))).toEqual(key);
  });

  it('is open while one of its targets is', () => {
    expect(hasOpen({ 'sales/email': sent, 'sales/sms': open })).toBe(true);
    expect(hasOpen({ 'sales/email': sent, 'sales/sms': held })).toBe(false);
  });

  it('may go 35 days after all of its targets are settled, in whole seconds', () => {
    expect(expiry({ 'sales/email': sent })).toBe(NOW / 1000 + 1 + 35 * DAY_S);
    expect(expiry({ 'sales/email': sent, 'sales/sms': held })).toBeUndefined();
    expect(expiry({ 'sales/email': sent, 'sales/sms': open })).toBeUndefined();
  });

  it('stays for good when its event has no date: it may come up in any reading', () => {
    expect(
      expiryOf({ facts: { occurredAtMs: undefined }, to: { 'sales/email': sent } }, NOW),
    ).toBeUndefined();
  });
});
