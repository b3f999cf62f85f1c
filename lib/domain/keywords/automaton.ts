import { at, buildTrie, childOf, type Trie } from './trie.ts';

/** An Aho-Corasick automaton: a trie that knows where to go on when the next unit leads nowhere. */
export type Automaton = Trie & {
  /** By state: its longest proper suffix that is a state too. */
  readonly fail: Int32Array;
  /** By state: the nearest state along `fail` that ends a pattern, 0 for none. */
  readonly nextEnd: Int32Array;
};

/** Builds the automaton of `patterns`: none empty, distinct, ascending by UTF-16 unit as `sort` leaves them. */
export function buildAutomaton(patterns: readonly string[]): Automaton {
  const trie = buildTrie(patterns);
  const states = trie.unit.length;
  const automaton = { ...trie, fail: new Int32Array(states), nextEnd: new Int32Array(states) };
  // What a state fails to is shorter, and the numbering is breadth first: it is complete by then.
  for (let state = 1; state < states; state += 1) linkChildren(automaton, state);
  return automaton;
}

/**
 * Calls `onHit` for every occurrence of every pattern, overlapping ones too, with the index just past it.
 * Reads the text once: the work grows with the text and the occurrences, not with the patterns.
 */
export function scan(
  automaton: Automaton,
  text: string,
  onHit: (pattern: number, end: number) => void,
): void {
  const { pattern, nextEnd } = automaton;
  let state = 0;
  for (let index = 0; index < text.length; index += 1) {
    state = step(automaton, state, text.charCodeAt(index));
    let ending = at(pattern, state) < 0 ? at(nextEnd, state) : state;
    while (ending !== 0) {
      onHit(at(pattern, ending), index + 1);
      ending = at(nextEnd, ending);
    }
  }
}

function linkChildren(automaton: Automaton, state: number): void {
  const { firstChild, unit, fail, pattern, nextEnd } = automaton;
  const until = at(firstChild, state + 1);
  for (let child = at(firstChild, state); child < until; child += 1) {
    const target = step(automaton, at(fail, state), at(unit, child));
    fail[child] = target;
    nextEnd[child] = at(pattern, target) < 0 ? at(nextEnd, target) : target;
  }
}

function step(automaton: Automaton, state: number, unit: number): number {
  let from = state;
  while (from !== 0) {
    const child = childOf(automaton, from, unit);
    if (child !== 0) return child;
    from = at(automaton.fail, from);
  }
  return at(automaton.roots, unit);
}
