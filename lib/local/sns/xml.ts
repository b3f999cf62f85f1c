import type { Refusal } from './refusal.ts';

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** A piece of XML, already escaped. */
export type Xml = { readonly xml: string };

/** One element around text, which is escaped, or around other elements. */
export function element(name: string, content: string | readonly Xml[]): Xml {
  const inner = typeof content === 'string' ? escapeText(content) : content.map(({ xml }) => xml).join('');
  return { xml: `<${name}>${inner}</${name}>` };
}

/** A list as the Query protocol prints it: one `member` per item. */
export function list(name: string, items: readonly (readonly Xml[])[]): Xml {
  return element(
    name,
    items.map((item) => element('member', item)),
  );
}

/** A map as the Query protocol prints it: one `entry` per key. */
export function map(name: string, entries: ReadonlyMap<string, string>): Xml {
  return element(
    name,
    [...entries].map(([key, value]) => element('entry', [element('key', key), element('value', value)])),
  );
}

/** The whole answer to an action; an action without a result has none in its answer either. */
export function actionResponse(
  action: string,
  result: readonly Xml[] | undefined,
  requestId: string,
): string {
  const metadata = element('ResponseMetadata', [element('RequestId', requestId)]);
  const inner = result === undefined ? [metadata] : [element(`${action}Result`, result), metadata];
  return root(`${action}Response`, inner);
}

/** The whole answer of a refusal. */
export function errorResponse(refusal: Refusal, requestId: string): string {
  const error = element('Error', [
    element('Type', refusal.status >= 500 ? 'Receiver' : 'Sender'),
    element('Code', refusal.code),
    element('Message', refusal.message),
  ]);
  return root('ErrorResponse', [error, element('RequestId', requestId)]);
}

function root(name: string, inner: readonly Xml[]): string {
  return `<${name} xmlns="${NAMESPACE}">${inner.map(({ xml }) => xml).join('')}</${name}>\n`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
