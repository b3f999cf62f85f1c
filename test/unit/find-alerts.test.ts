import { describe, expect, it } from 'vitest';
import { appKey, hashEvent } from '../../lib/domain/identity.ts';
import { rowKey } from '../../lib/domain/ledger-row.ts';
import { alertConfig, appOf, rule } from '../fixtures/alert-config.ts';
import { smallWorld } from '../fixtures/small-world.ts';

const SPOT = appKey('c-123', '72822');

describe('an event with ids and texts of any length', () => {
  it('has a row that fits the table', async () => {
    const { world, poll, minute, happen } = smallWorld(
      alertConfig({
        apps: [appOf('c-123', '72822')],
        rules: [rule('order', ['sales'], { keywords: ['order'] })],
      }),
    );
    await poll();
    minute();
    const long = 'x'.repeat(400_000);
    const ids = { campaignId: long, adId: long, typeId: long, phone: long };
    const event = happen(SPOT, long, `order ${long}`, 0, { ...ids, type: long });
    await poll();
    expect(world.published).toHaveLength(2);
    const row = await world.ledger.rows.read(rowKey(SPOT, hashEvent(event), 'order'));
    expect(row?.facts).toMatchObject({ campaignId: 'x'.repeat(64), adId: 'x'.repeat(64) });
    expect(JSON.stringify(row).length).toBeLessThan(2_000);
  });

  it('keeps ids as they are, up to 64 characters, and no half of a character of longer ones', async () => {
    const { world, poll, minute, happen } = smallWorld(
      alertConfig({
        apps: [appOf('c-123', '72822')],
        rules: [rule('order', ['sales'], { keywords: ['order'] })],
      }),
    );
    await poll();
    minute();
    const ids = { campaignId: '2'.repeat(64), adId: `${'2'.repeat(63)}👋` };
    const event = happen(SPOT, 'e-1', 'order', 0, ids);
    await poll();
    const row = await world.ledger.rows.read(rowKey(SPOT, hashEvent(event), 'order'));
    expect(row?.facts).toMatchObject({ campaignId: ids.campaignId, adId: `${'2'.repeat(63)}\ufffd` });
  });
});
