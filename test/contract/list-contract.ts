import { describe, expect, it } from 'vitest';
import type { FailedItem, HeldItem, Ledger } from '../../lib/ports/ledger.ts';
import { alertRow, EMAIL, NOW_MS, SMS } from './ledger-values.ts';

function heldItem(untilMs: number, changes: Partial<HeldItem> = {}): HeldItem {
  return { untilMs, target: EMAIL, key: alertRow('e').key, ...changes };
}

function failedItem(atMs: number, changes: Partial<FailedItem> = {}): FailedItem {
  return { atMs, target: EMAIL, key: alertRow('e').key, because: 'refused: topic is gone', ...changes };
}

export function describeLists(ledger: () => Ledger): void {
  const held = () => ledger().held;

  describe('held items', () => {
    it('are listed once due: by that very millisecond, not one before', async () => {
      await held().put(heldItem(NOW_MS));
      expect(await held().listDue(NOW_MS - 1, 10)).toEqual([]);
      expect(await held().listDue(NOW_MS, 10)).toEqual([heldItem(NOW_MS)]);
      expect(await held().listDue(NOW_MS + 0.5, 10)).toEqual([heldItem(NOW_MS)]);
    });

    it('are listed by due time, whatever the number of its digits and the order they came in', async () => {
      const times = [NOW_MS, 9, 999_999_999_999, NOW_MS - 1, 1_000_000_000_000, 0, 10];
      for (const untilMs of times) await held().put(heldItem(untilMs));
      const due = await held().listDue(NOW_MS, 100);
      expect(due.map(({ untilMs }) => untilMs)).toEqual(times.toSorted((a, b) => a - b));
    });

    it('are listed up to a count, the earliest first', async () => {
      const items = Array.from({ length: 30 }, (_, index) => heldItem(NOW_MS + index));
      await Promise.all(items.toReversed().map((item) => held().put(item)));
      expect(await held().listDue(NOW_MS + 100, 7)).toEqual(items.slice(0, 7));
      expect(await held().listDue(NOW_MS + 100, 0)).toEqual([]);
    });

    it('are told apart by time, target and row, and put again without a trace', async () => {
      const items = [
        heldItem(NOW_MS),
        heldItem(NOW_MS, { target: SMS }),
        heldItem(NOW_MS, { key: alertRow('f').key }),
        heldItem(NOW_MS + 1),
      ];
      for (const item of [...items, ...items]) await held().put(item);
      const due = await held().listDue(NOW_MS + 1, 100);
      expect(due).toHaveLength(items.length);
      expect(due).toEqual(expect.arrayContaining(items));
    });

    it('are removed one by one, and removing one that is absent is no error', async () => {
      await held().put(heldItem(NOW_MS));
      await held().put(heldItem(NOW_MS, { target: SMS }));
      await held().remove(heldItem(NOW_MS + 1));
      await held().remove(heldItem(NOW_MS));
      await held().remove(heldItem(NOW_MS));
      expect(await held().listDue(NOW_MS, 100)).toEqual([heldItem(NOW_MS, { target: SMS })]);
    });

    it.for([
      { name: 'a fraction of a millisecond', untilMs: NOW_MS + 0.5 },
      { name: 'a time before 1970', untilMs: -1 },
      { name: 'no number', untilMs: Number.NaN },
      { name: 'a time beyond thirteen digits', untilMs: 10 ** 13 },
    ])('are refused for $name, which could not be sorted', async ({ untilMs }) => {
      await expect(held().put(heldItem(untilMs))).rejects.toThrow(RangeError);
    });
  });

  describe('failed items', () => {
    it('are listed by time, up to a count', async () => {
      const items = Array.from({ length: 12 }, (_, index) => failedItem(NOW_MS + index));
      await Promise.all(items.toReversed().map((item) => ledger().failed.put(item)));
      expect(await ledger().failed.list(5)).toEqual(items.slice(0, 5));
      expect(await ledger().failed.list(100)).toEqual(items);
      expect(await ledger().failed.list(0)).toEqual([]);
    });

    it('read back as they were, with the last reason given', async () => {
      const gap = failedItem(NOW_MS, {
        key: { pk: 'app#c-123/72822', sk: 'state' },
        because: 'não lido: 31 days ⌛',
      });
      await ledger().failed.put(failedItem(NOW_MS, { ...gap, because: 'earlier' }));
      await ledger().failed.put(gap);
      expect(await ledger().failed.list(10)).toEqual([gap]);
    });

    it('are listed where no delivery failed but a span of time was never read', async () => {
      const span = failedItem(NOW_MS, {
        target: '-',
        key: { pk: 'app#c-123/72822', sk: 'state' },
        because: 'about 5 h of events were never read',
      });
      await ledger().failed.put(span);
      await ledger().failed.put(failedItem(NOW_MS + 1));
      expect(await ledger().failed.list(10)).toEqual([span, failedItem(NOW_MS + 1)]);
    });

    it('are removed one by one, and removing one that is absent is no error', async () => {
      await ledger().failed.put(failedItem(NOW_MS));
      await ledger().failed.put(failedItem(NOW_MS, { target: SMS }));
      await ledger().failed.put(failedItem(NOW_MS + 1));
      await ledger().failed.remove(failedItem(NOW_MS, { because: 'whatever it says' }));
      await ledger().failed.remove(failedItem(NOW_MS));
      expect(await ledger().failed.list(10)).toEqual([
        failedItem(NOW_MS, { target: SMS }),
        failedItem(NOW_MS + 1),
      ]);
    });

    it('are not among the held', async () => {
      await ledger().failed.put(failedItem(NOW_MS));
      expect(await held().listDue(NOW_MS, 10)).toEqual([]);
    });
  });
}
