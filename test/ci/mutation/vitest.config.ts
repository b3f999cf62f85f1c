import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A mutant's run ends with the first test that notices: those that take a few milliseconds go first. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number =>
      ['/test/unit/', '/test/property/'].findIndex((folder) => moduleId.includes(folder));
    const histories = files.filter((file) => rank(file) === -1);
    const others = files.filter((file) => rank(file) !== -1);
    return [...others.toSorted((a, b) => rank(a) - rank(b)), ...histories];
  }
}

/** The tests that say something of the domain and the use cases, each in a few milliseconds where that can be. */
// biome-ignore lint/style/noDefaultExport: vitest asks for one
export default defineConfig({
  test: {
    include: ['test/{unit,property}/**/*.test.ts', 'test/ci/mutation/few-histories.ts'],
    // Of adapters, the file and the command lines, and what takes long to load: they hardly touch what is changed here.
    exclude: [
      'test/unit/{cli-*,config,dynamo-*,fake-signals,local-terminal,mutation-score}.test.ts',
      'test/unit/{redact,reliability,runs,secret-token,signals-*,sns-rules,wire-events}.test.ts',
      'test/property/{config,fuzz,wire-events}.test.ts',
    ],
    setupFiles: ['test/ci/mutation/short-properties.ts'],
    sequence: { sequencer: QuickestFirst },
    testTimeout: 20_000,
  },
});
