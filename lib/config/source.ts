import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import type { Finding, Path, Position } from './mistake.ts';
import { valueAt } from './raw.ts';
import { quoted } from './shown.ts';
import { keyMistakes, keyText } from './source-keys.ts';
import { type SyntaxWords, syntaxWords, TOO_DEEP } from './syntax-words.ts';

/** A readable YAML file: its plain value, and where every part of it stands. */
export type Source = {
  readonly value: unknown;
  /** Mistakes of YAML itself that leave the rest readable. */
  readonly findings: readonly Finding[];
  /** Where the key or value stands; what is missing is placed at the map or list it is missing from. */
  locate(path: Path, at: 'key' | 'value'): Position;
  /** The plain value there; undefined: nothing is. */
  valueAt(path: Path): unknown;
  /** How a scalar was spelled. */
  spelling(path: Path): string | undefined;
};

/** What YAML cannot take, and where it stands. */
export type SyntaxMistake = Position & SyntaxWords;

export type SourceResult =
  | { readonly kind: 'read'; readonly source: Source }
  | { readonly kind: 'unreadable'; readonly mistakes: readonly SyntaxMistake[] };

// One anchor may stand for so many nodes in all: far more than a person repeats, far fewer than a bomb needs.
const ALIASES_MAX = 1_000;

const TOP: Position = { line: 1, column: 1 };

/** Reads YAML 1.2: dates stay texts, yes and no stay texts. Total: any text is read or told why not. */
export function readSource(text: string): SourceResult {
  try {
    return readDocument(text);
  } catch (error) {
    // The parser and the walk over its tree recurse: only nesting that exhausts the stack gets here.
    if (!(error instanceof RangeError)) throw error;
    return { kind: 'unreadable', mistakes: [{ ...TOP, ...TOO_DEEP }] };
  }
}

function readDocument(text: string): SourceResult {
  const doc = parseDocument(text, {
    logLevel: 'error',
    prettyErrors: false,
    resolveKnownTags: false,
    schema: 'core',
    // Duplicates are looked for apart, because the parser takes 1 and "1" for different keys.
    uniqueKeys: false,
  });
  const problems = [...doc.errors, ...doc.warnings];
  const tooDeep = problems.find((error) => error.code === 'RESOURCE_EXHAUSTION');
  if (tooDeep !== undefined) return { kind: 'unreadable', mistakes: [syntaxMistake(tooDeep, text)] };
  const syntax = [...problems.map((error) => syntaxMistake(error, text)), ...oddNodes(doc, text)];
  if (syntax.length > 0) return { kind: 'unreadable', mistakes: syntax };

  const plain = plainValue(doc);
  if (plain.kind === 'bomb') {
    const found = `more than ${ALIASES_MAX} uses`;
    return {
      kind: 'unreadable',
      mistakes: [{ ...TOP, expected: 'an anchor (&name) used a few times', found }],
    };
  }

  return {
    kind: 'read',
    source: {
      value: plain.value,
      findings: keyMistakes(doc.contents, (node) => positionOf(node, text)),
      locate: (path, at) => locate(doc, text, path, at),
      valueAt: (path) => valueAt(plain.value, path),
      spelling: (path) => {
        const node = nodesAlong(doc, path)[path.length];
        return isScalar(node) ? node.source : undefined;
      },
    },
  };
}

function plainValue(
  doc: Document.Parsed,
): { readonly kind: 'plain'; readonly value: unknown } | { readonly kind: 'bomb' } {
  try {
    return { kind: 'plain', value: doc.toJS({ maxAliasCount: ALIASES_MAX }) };
  } catch (error) {
    // Lost aliases are found before: what is left is the limit on what they stand for.
    if (!(error instanceof ReferenceError)) throw error;
    return { kind: 'bomb' };
  }
}

/** What YAML allows, and what either means nothing or takes the library time without end to turn into a value. */
function oddNodes(doc: Document.Parsed, text: string): readonly SyntaxMistake[] {
  const odd: SyntaxMistake[] = [];
  visit(doc, {
    Alias: (_key, alias) => {
      if (alias.resolve(doc) !== undefined) return;
      const expected = 'an alias (*name) that follows its anchor (&name)';
      odd.push({ ...(positionOf(alias, text) ?? TOP), expected, found: quoted(`*${alias.source}`) });
    },
    Pair: (_key, { key }) => {
      if (isScalar(key)) return undefined;
      const found = isAlias(key) ? 'an alias' : 'a list or a map';
      odd.push({ ...(positionOf(key, text) ?? TOP), expected: 'a key that is text', found });
      return visit.SKIP;
    },
  });
  return odd;
}

function syntaxMistake(error: YAMLError, text: string): SyntaxMistake {
  const [offset] = error.pos;
  return { ...positionAt(text, offset), ...syntaxWords(error, lineAt(text, offset)) };
}

function locate(doc: Document.Parsed, text: string, path: Path, at: 'key' | 'value'): Position {
  const nodes = nodesAlong(doc, path);
  const value = nodes[path.length];
  const key = keyNode(nodes[path.length - 1], path.at(-1));
  const isEmpty = isScalar(value) && value.source === '';
  const candidates = at === 'key' || isEmpty ? [key, value] : [value, key];
  for (const node of [...candidates, ...nodes.toReversed()]) {
    const position = positionOf(node, text);
    if (position !== undefined) return position;
  }
  return TOP;
}

/** The node at every step of the path, aliases followed; it ends where the file does. */
function nodesAlong(doc: Document.Parsed, path: Path): readonly Node[] {
  const nodes: Node[] = [];
  let node = followed(doc.contents, doc);
  for (const step of path) {
    if (node === undefined) return nodes;
    nodes.push(node);
    node = followed(child(node, step), doc);
  }
  return node === undefined ? nodes : [...nodes, node];
}

function followed(node: unknown, doc: Document.Parsed): Node | undefined {
  if (isAlias(node)) return node.resolve(doc);
  return isNode(node) ? node : undefined;
}

function child(node: Node, step: PropertyKey): unknown {
  if (isSeq(node)) return typeof step === 'number' ? node.items[step] : undefined;
  return pairAt(node, step)?.value;
}

function keyNode(parent: Node | undefined, step: PropertyKey | undefined): unknown {
  return parent === undefined || step === undefined ? undefined : pairAt(parent, step)?.key;
}

function pairAt(node: Node, step: PropertyKey): Pair | undefined {
  // Of a key that is there twice the last one counts, as in the plain value.
  return isMap(node) ? node.items.findLast((pair) => keyText(pair.key) === step) : undefined;
}

function positionOf(node: unknown, text: string): Position | undefined {
  const start = isNode(node) ? node.range?.[0] : undefined;
  return start === undefined ? undefined : positionAt(text, start);
}

/** Counted here, because the counter of the parser loses its way in text that is hardly YAML. */
function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: before.length - lineStart + 1 };
}

function lineAt(text: string, offset: number): string {
  const [line = ''] = text.slice(text.slice(0, offset).lastIndexOf('\n') + 1).split('\n', 1);
  return line;
}
