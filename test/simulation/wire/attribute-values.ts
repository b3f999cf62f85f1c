/** A value as it goes over the wire to the table. Sets and binaries are not used. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: AttributeItem };

export type AttributeItem = { readonly [name: string]: AttributeValue };

/** The key of an item, as text. */
export type ItemKey = { readonly pk: string; readonly sk: string };

/** What an item says, read without the product's code. */
export function plainItem(item: AttributeItem): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: AttributeValue): unknown {
  if ('S' in value) return value.S;
  if ('N' in value) return Number(value.N);
  if ('BOOL' in value) return value.BOOL;
  if ('L' in value) return value.L.map(plainValue);
  if ('M' in value) return plainItem(value.M);
  if ('NULL' in value) return null;
  throw new TypeError(`the table is not modelled for ${JSON.stringify(value)}`);
}

/** @throws TypeError when there is no key of two texts. */
export function keyOf(item: AttributeItem): ItemKey {
  const { pk, sk } = item;
  if (pk === undefined || sk === undefined || !('S' in pk) || !('S' in sk)) {
    throw new TypeError(`expected a key of two texts, got ${JSON.stringify(item)}`);
  }
  return { pk: pk.S, sk: sk.S };
}
