import type { SeededBug } from './seeded-bug.ts';

/** Mistakes in what is done, and when. */
export const USE_CASE_BUGS: readonly SeededBug[] = [];
