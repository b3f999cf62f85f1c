import * as z from 'zod';
import type { FailedList } from '../../ports/ledger.ts';
import { parseItem, readEach, type TableAccess } from './item.ts';
import { FAILED_PARTITION, failedItemKey, parseFailedKey } from './table.ts';
import { deleteItem, listItems, putItem } from './timed-list.ts';

const shape = z.object({ sk: z.string(), because: z.string() });

/** What was given up, for the alarm and for an operator. */
export function dynamoFailedList(table: TableAccess): FailedList {
  return {
    put: async (item) => putItem(table, failedItemKey(item), { because: item.because }),
    remove: async (item) => deleteItem(table, failedItemKey(item)),
    list: async (countMax) => {
      const items = await listItems(table, { pk: FAILED_PARTITION, skBelow: undefined }, countMax);
      return readEach(table, items, (item) => {
        const { sk, because } = parseItem(shape, { pk: FAILED_PARTITION, sk: String(item['sk']) }, item);
        return { ...parseFailedKey(sk), because };
      });
    },
  };
}
