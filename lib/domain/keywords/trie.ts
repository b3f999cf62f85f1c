/**
 * The prefixes of all patterns, as states in typed arrays. States are numbered breadth first, so that the
 * children of a state are neighbours, in the order of their units. State 0 is the empty prefix.
 */
export type Trie = {
  /** By UTF-16 unit: the state of that one unit, 0 when no pattern starts with it. */
  readonly roots: Int32Array;
  /** By state: its first child; its last is the one before the next state's first. */
  readonly firstChild: Int32Array;
  /** By state: the UTF-16 unit that leads to it. */
  readonly unit: Uint16Array;
  /** By state: the pattern it ends, -1 for none. */
  readonly pattern: Int32Array;
};

const UNITS = 0x1_0000;

/** Builds the trie of `patterns`: none empty, distinct, ascending by UTF-16 unit as `sort` leaves them. */
export function buildTrie(patterns: readonly string[]): Trie {
  const growing = createTrie(patterns);
  // The loop is its own queue: a state's children are appended, and reached once everything shorter is done.
  for (let state = 0; state < growing.states; state += 1) addChildren(growing, patterns, state);

  const { states, roots, firstChild, unit, pattern } = growing;
  firstChild[states] = states;
  return {
    roots,
    firstChild: firstChild.slice(0, states + 1),
    unit: unit.slice(0, states),
    pattern: pattern.slice(0, states),
  };
}

/** The child of `state` by `unit`, 0 when it has none; for the root ask `roots`. */
export function childOf(trie: Trie, state: number, unit: number): number {
  let low = at(trie.firstChild, state);
  let high = at(trie.firstChild, state + 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = at(trie.unit, middle);
    if (found === unit) return middle;
    if (found < unit) low = middle + 1;
    else high = middle;
  }
  return 0;
}

/** The element at an index known to be in bounds. */
export function at(array: Int32Array | Uint16Array, index: number): number {
  return array[index] ?? 0;
}

type GrowingTrie = Trie & {
  states: number;
  /** By state: the patterns that begin with it, as a half-open range. */
  readonly from: Int32Array;
  readonly until: Int32Array;
  /** By state: the length of its prefix. */
  readonly depth: Int32Array;
};

function createTrie(patterns: readonly string[]): GrowingTrie {
  const statesMax = 1 + patterns.reduce((sum, { length }) => sum + length, 0);
  const until = new Int32Array(statesMax);
  until[0] = patterns.length;
  return {
    states: 1,
    roots: new Int32Array(UNITS),
    firstChild: new Int32Array(statesMax + 1),
    unit: new Uint16Array(statesMax),
    pattern: new Int32Array(statesMax).fill(-1),
    from: new Int32Array(statesMax),
    until,
    depth: new Int32Array(statesMax),
  };
}

function addChildren(trie: GrowingTrie, patterns: readonly string[], state: number): void {
  const depth = at(trie.depth, state);
  const until = at(trie.until, state);
  let next = at(trie.from, state);
  trie.firstChild[state] = trie.states;
  // Sorted: the prefix itself comes before everything that is longer.
  if (depth > 0 && patterns[next]?.length === depth) {
    trie.pattern[state] = next;
    next += 1;
  }
  while (next < until) {
    const child = trie.states;
    const unit = unitAt(patterns, next, depth);
    trie.unit[child] = unit;
    trie.depth[child] = depth + 1;
    trie.from[child] = next;
    if (state === 0) trie.roots[unit] = child;
    while (next < until && unitAt(patterns, next, depth) === unit) next += 1;
    trie.until[child] = next;
    trie.states += 1;
  }
}

function unitAt(patterns: readonly string[], pattern: number, index: number): number {
  return patterns[pattern]?.charCodeAt(index) ?? 0;
}
