import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Scenarios against real servers mostly wait.
    maxConcurrency: 14,
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/{unit,property,contract,functions,simulation}/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'slow',
          include: ['test/{infra,end-to-end}/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 90_000,
        },
      },
    ],
  },
});
