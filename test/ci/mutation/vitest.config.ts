import { defineConfig } from 'vitest/config';

/** The tests that say something of the domain and the use cases, each in a few milliseconds where that can be. */
// biome-ignore lint/style/noDefaultExport: vitest asks for one
export default defineConfig({
  test: {
    include: ['test/{unit,property,functions}/**/*.test.ts', 'test/ci/mutation/few-histories.ts'],
    // Of adapters, the file and the local run: hundreds of tests that hardly touch what is changed here.
    exclude: [
      'test/unit/{config,dynamo-*,fake-signals,local-terminal,mutation-score,redact,runs,secret-token,signals-*,sns-rules,wire-events}.test.ts',
      'test/property/{config,wire-events}.test.ts',
    ],
    setupFiles: ['test/ci/mutation/short-properties.ts'],
    env: { FUZZ_RUNS_RENDER: '100', FUZZ_RUNS_BODY: '20', FUZZ_RUNS_FILE: '20' },
    testTimeout: 20_000,
  },
});
