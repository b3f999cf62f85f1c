import { expect, it } from 'vitest';
import { drawHistory } from '../../simulation/draw-history.ts';
import { runHistory } from '../../simulation/run-history.ts';

/** Each mutant that survives runs them all: more would cost hours and find little. */
const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);

it.for(SEEDS)('every promise holds in history %i', async (seed) => {
  expect((await runHistory(drawHistory(seed))).violation).toBeUndefined();
});
