import { expect, it } from 'vitest';
import { scoresOf } from '../ci/mutation/score.ts';

const mutants = (...statuses: readonly string[]) => ({ mutants: statuses.map((status) => ({ status })) });

it('a score counts what was noticed of what was tried, folder by folder, and never rounds it up', () => {
  const scores = scoresOf({
    files: {
      'lib/use-cases/tick.ts': mutants('Survived', 'Ignored'),
      'lib/domain/match.ts': mutants('Killed', 'Killed', 'Survived'),
      'lib/domain/shards.ts': mutants('Timeout', 'NoCoverage', 'Killed'),
    },
  });
  expect(Object.keys(scores)).toEqual(['lib/domain', 'lib/use-cases', 'all']);
  expect(scores['lib/domain']).toEqual({
    mutants: 6,
    killed: 3,
    timeout: 1,
    survived: 1,
    noCoverage: 1,
    ignored: 0,
    score: 66.66,
  });
  expect(scores['lib/use-cases']).toMatchObject({ mutants: 1, ignored: 1, score: 0 });
  expect(scores['all']).toMatchObject({ mutants: 7, score: 57.14 });
});
