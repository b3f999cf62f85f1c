import * as z from 'zod';
import type { GroupingSecret } from '../../ports/ledger.ts';
import type { TableAccess } from './item.ts';
import { dynamoSwapStore } from './swap-store.ts';
import { GROUPING_SECRET_KEY } from './table.ts';

type Secret = { readonly secret: string };

/** Kept in the table beside what is hashed with it, so that a stack needs no step of its own to have one. */
export function dynamoGroupingSecret(table: TableAccess, writeId: () => string): GroupingSecret {
  const shape: z.ZodType<Secret> = z.object({ secret: z.string() });
  const store = dynamoSwapStore<'grouping', Secret>(
    table,
    { keyOf: () => GROUPING_SECRET_KEY, encode: (value) => value, shape },
    writeId,
  );
  let known: string | undefined;

  async function readOrMake(): Promise<string> {
    const stands = await store.read('grouping');
    if (stands !== undefined) return stands.value.secret;
    const made = await store.swap('grouping', undefined, { secret: `${writeId()}${writeId()}` });
    if (made.now === undefined) throw new Error('the grouping secret was neither written nor found');
    return made.now.value.secret;
  }

  return {
    read: async () => {
      known ??= await readOrMake();
      return known;
    },
  };
}
