import * as z from 'zod';
import type { HeldQueue } from '../../ports/ledger.ts';
import { parseItem, readEach, type TableAccess } from './item.ts';
import { HELD_PARTITION, heldBound, heldItemKey, parseHeldKey } from './table.ts';
import { deleteItem, listItems, putItem } from './timed-list.ts';

const shape = z.object({ sk: z.string() });

/** Reminders of the whole stack, all in the sort key: one query for what is due. */
export function dynamoHeldQueue(table: TableAccess): HeldQueue {
  return {
    put: async (item) => putItem(table, heldItemKey(item), {}),
    remove: async (item) => deleteItem(table, heldItemKey(item)),
    listDue: async (nowMs, countMax) => {
      const items = await listItems(table, { pk: HELD_PARTITION, skBelow: heldBound(nowMs) }, countMax);
      return readEach(table, items, (item) =>
        parseHeldKey(parseItem(shape, { pk: HELD_PARTITION, sk: '?' }, item).sk),
      );
    },
  };
}
