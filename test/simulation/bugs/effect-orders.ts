import type { SeededBug } from './seeded-bug.ts';

/** Pairs of effects whose order a comment justifies, each the other way round. */
export const EFFECT_ORDERS: readonly SeededBug[] = [];
