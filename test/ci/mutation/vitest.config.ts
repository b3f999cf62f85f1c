import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: vitest asks for one
export default defineConfig({
  test: {
    include: ['test/{unit,property,functions}/**/*.test.ts', 'test/ci/mutation/few-histories.ts'],
    exclude: [
      'test/unit/{config,dynamo-*,fake-signals,local-terminal,redact,secret-token,signals-*}.test.ts',
      'test/property/{config,wire-events}.test.ts',
    ],
    testTimeout: 20_000,
  },
});
