import type { SeededBug } from './seeded-bug.ts';

/** Mistakes at the edge: what only histories through the real adapters can notice. */
export const ADAPTER_BUGS: readonly SeededBug[] = [];
