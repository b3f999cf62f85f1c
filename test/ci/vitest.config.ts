import { defineConfig } from 'vitest/config';

// What needs more than Node: Java and Python. `npm test` runs none of it.
// biome-ignore lint/style/noDefaultExport: vitest asks for one
export default defineConfig({
  test: {
    name: 'ci',
    include: ['test/ci/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});
