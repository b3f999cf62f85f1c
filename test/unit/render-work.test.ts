import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { phoneMasker } from '../../lib/domain/render/phone.ts';

it('a handle of thousands of characters is prepared once, not for every text it is looked for in', () => {
  const mask = phoneMasker('a lead without a number '.repeat(300), 'masked');
  const beganMs = performance.now();
  for (let count = 0; count < 2_000; count += 1) mask('I want to order');
  // Some 1 ms; a second and more when each text prepares it anew.
  expect(performance.now() - beganMs).toBeLessThan(200);
});
