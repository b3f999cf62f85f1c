// biome-ignore lint/style/noDefaultExport: Stryker asks for one
export default {
  mutate: ['lib/{domain,use-cases}/**/*.ts'],
  plugins: ['@stryker-mutator/*', './test/ci/mutation/texts-for-people.mjs'],
  ignorers: ['texts-for-people'],
  testRunner: 'vitest',
  vitest: { configFile: 'test/ci/mutation/vitest.config.ts' },
  coverageAnalysis: 'perTest',
  concurrency: 1,
  incremental: true,
  incrementalFile: '.cache/mutation/incremental.json',
  tempDirName: '.cache/mutation/sandboxes',
  reporters: ['progress-append-only', 'clear-text', 'json'],
  jsonReporter: { fileName: '.cache/mutation/report.json' },
  clearTextReporter: { allowColor: false, reportTests: false, reportScoreTable: true },
  // Most that do not end loop for ever: seconds for each of them are hours for all.
  timeoutMS: 2500,
  timeoutFactor: 2,
  thresholds: { high: 95, low: 85, break: 85 },
};
