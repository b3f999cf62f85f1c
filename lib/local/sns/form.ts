import { invalidParameter } from './refusal.ts';

/** The parameters of one request of AWS's Query protocol. */
export type Form = ReadonlyMap<string, string>;

/** A message attribute as it comes over the wire; a binary value is base64. */
export type MessageAttribute = {
  readonly name: string;
  readonly dataType: string;
  readonly stringValue: string | undefined;
  readonly binaryValue: string | undefined;
};

/** Reads a form-encoded body. @throws Refusal when it is not UTF-8. */
export function parseForm(body: string): Form {
  const form = new Map<string, string>();
  for (const pair of body.split('&').filter((part) => part !== '')) {
    const [name = '', ...value] = pair.split('=');
    form.set(decode(name), decode(value.join('=')));
  }
  return form;
}

/** A parameter that must be there, though it may be empty. @throws Refusal */
export function required(form: Form, name: string): string {
  const value = form.get(name);
  if (value === undefined) throw invalidParameter(`${name} Reason: no value for required parameter`);
  return value;
}

/** The members of a list, each as a form of its own: `Entries.member.2.Id` is `Id` of the second. */
export function members(form: Form, list: string, item: 'member' | 'entry' = 'member'): readonly Form[] {
  const found: Form[] = [];
  for (let index = 1; ; index += 1) {
    const prefix = `${list}.${item}.${index}.`;
    const member = [...form]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value] as const);
    if (member.length === 0) return found;
    found.push(new Map(member));
  }
}

/** A map of strings such as `Attributes`. */
export function stringMap(form: Form, name: string): ReadonlyMap<string, string> {
  return new Map(
    members(form, name, 'entry').map((entry) => [entry.get('key') ?? '', entry.get('value') ?? '']),
  );
}

/** The attributes of a message. */
export function messageAttributes(form: Form): readonly MessageAttribute[] {
  return members(form, 'MessageAttributes', 'entry').map((entry) => ({
    name: entry.get('Name') ?? '',
    dataType: entry.get('Value.DataType') ?? '',
    stringValue: entry.get('Value.StringValue'),
    binaryValue: entry.get('Value.BinaryValue'),
  }));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidParameter('the request is not UTF-8');
  }
}
