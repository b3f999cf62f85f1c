import { isDeepStrictEqual } from 'node:util';
import type { AttributeItem, AttributeValue } from './attribute-values.ts';

/** The expressions of a request and what their placeholders stand for. */
export type Expressions = {
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: AttributeItem;
};

/** The table refuses the request for what stands in it. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
}

const EXISTS = /^attribute_(?<not>not_)?exists\((?<path>[\w#.]+)\)$/;
const COMPARED = /^(?<path>[\w#.]+) (?<sign>=|<) (?<value>:\w+)$/;
const ASSIGNED = /^(?<path>[\w#.]+) = (?<value>:\w+)$/;
const UPDATE = /^(?:SET (?<sets>.+?))? ?(?:REMOVE (?<removes>.+))?$/;

/** Whether the condition holds for what stands; true where there is none. @throws Error for what is not modelled. */
export function holds(request: Expressions, item: AttributeItem | undefined): boolean {
  const terms = request.ConditionExpression?.split(' AND ') ?? [];
  return terms.every((term) => termHolds(request, term, item));
}

function termHolds(request: Expressions, term: string, item: AttributeItem | undefined): boolean {
  const exists = EXISTS.exec(term)?.groups;
  if (exists !== undefined) {
    const isThere = valueAt(item, pathOf(request, exists['path'])) !== undefined;
    return isThere === (exists['not'] === undefined);
  }
  const compared = COMPARED.exec(term)?.groups;
  if (compared?.['sign'] !== '=') throw new Error(`a condition is not modelled: ${term}`);
  return isDeepStrictEqual(
    valueAt(item, pathOf(request, compared['path'])),
    placedValue(request, compared['value']),
  );
}

/** Which part of a partition is asked for. @throws Error for what is not modelled. */
export function keyRange(request: Expressions): {
  readonly pk: string;
  readonly skBelow: string | undefined;
} {
  const bounds = new Map(
    (request.KeyConditionExpression ?? '').split(' AND ').map((term) => {
      const { path, sign, value } = COMPARED.exec(term)?.groups ?? {};
      const bound = placedValue(request, value);
      if (!('S' in bound)) throw new InvalidRequestError(`a key is text, got ${JSON.stringify(bound)}`);
      return [`${path} ${sign}`, bound.S] as const;
    }),
  );
  const pk = bounds.get('pk =');
  const skBelow = bounds.get('sk <');
  if (pk === undefined || bounds.size !== (skBelow === undefined ? 1 : 2)) {
    throw new Error(`a key condition is not modelled: ${request.KeyConditionExpression}`);
  }
  return { pk, skBelow };
}

/** The item after the update. @throws InvalidRequestError where a path leads through nothing. */
export function updated(request: Expressions, item: AttributeItem): AttributeItem {
  const { sets, removes } = UPDATE.exec(request.UpdateExpression ?? '')?.groups ?? {};
  if (sets === undefined && removes === undefined) {
    throw new Error(`an update is not modelled: ${request.UpdateExpression}`);
  }
  let next = item;
  for (const text of sets?.split(', ') ?? []) {
    const { path, value } = ASSIGNED.exec(text)?.groups ?? {};
    next = withValue(next, pathOf(request, path), placedValue(request, value));
  }
  for (const path of removes?.split(', ') ?? []) next = withValue(next, pathOf(request, path), undefined);
  return next;
}

/** @throws InvalidRequestError for a placeholder that is not used, or not defined: the table refuses both. */
export function checkPlaceholders(request: Expressions): void {
  const text = [request.ConditionExpression, request.UpdateExpression, request.KeyConditionExpression].join(
    ' ',
  );
  const used = new Set(text.match(/[#:]\w+/g) ?? []);
  const given = new Set([
    ...Object.keys(request.ExpressionAttributeNames ?? {}),
    ...Object.keys(request.ExpressionAttributeValues ?? {}),
  ]);
  const odd = [...used, ...given].filter((name) => !used.has(name) || !given.has(name));
  if (odd.length > 0) throw new InvalidRequestError(`unused or undefined placeholders: ${odd.join()}`);
}

function pathOf({ ExpressionAttributeNames = {} }: Expressions, text: string | undefined): readonly string[] {
  if (text === undefined) throw new Error('an expression without a path is not modelled');
  return text
    .split('.')
    .map((part) => (part.startsWith('#') ? (ExpressionAttributeNames[part] ?? part) : part));
}

function placedValue(
  { ExpressionAttributeValues = {} }: Expressions,
  text: string | undefined,
): AttributeValue {
  const value = text === undefined ? undefined : ExpressionAttributeValues[text];
  if (value === undefined) throw new InvalidRequestError(`no value for ${text}`);
  return value;
}

function valueAt(
  item: AttributeItem | undefined,
  [name = '', ...rest]: readonly string[],
): AttributeValue | undefined {
  const value = item?.[name];
  if (rest.length === 0 || value === undefined) return value;
  return 'M' in value ? valueAt(value.M, rest) : undefined;
}

function withValue(
  item: AttributeItem,
  [name = '', ...rest]: readonly string[],
  value: AttributeValue | undefined,
): AttributeItem {
  if (rest.length === 0) {
    const { [name]: _, ...others } = item;
    return value === undefined ? others : { ...others, [name]: value };
  }
  const inner = item[name];
  if (inner === undefined || !('M' in inner)) {
    throw new InvalidRequestError('the document path of the update is invalid for this item');
  }
  return { ...item, [name]: { M: withValue(inner.M, rest, value) } };
}
