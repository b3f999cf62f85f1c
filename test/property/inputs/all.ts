import { BODIES } from './bodies.ts';
import { FILES } from './files.ts';
import type { Fuzz } from './fuzz.ts';
import { RENDERS } from './renders.ts';

export const FUZZES: readonly Fuzz[] = [...RENDERS, ...BODIES, ...FILES];

/** Its part of the runs of its kind. */
export function runsFor(fuzz: Fuzz, runsOfKind: number): number {
  return Math.ceil(runsOfKind * fuzz.share);
}
