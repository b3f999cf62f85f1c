import type { SeededBug } from './seeded-bug.ts';

/** Mistakes in what is decided. */
export const DOMAIN_BUGS: readonly SeededBug[] = [];
