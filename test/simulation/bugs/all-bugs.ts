import { ADAPTER_BUGS } from './adapter-bugs.ts';
import { DOMAIN_BUGS } from './domain-bugs.ts';
import { EFFECT_ORDERS } from './effect-orders.ts';
import type { SeededBug } from './seeded-bug.ts';
import { USE_CASE_BUGS } from './use-case-bugs.ts';

/** Every bug that must be caught; effects that changed places are bugs too. */
export const ALL_BUGS: readonly SeededBug[] = [
  ...DOMAIN_BUGS,
  ...USE_CASE_BUGS,
  ...EFFECT_ORDERS,
  ...ADAPTER_BUGS,
];
