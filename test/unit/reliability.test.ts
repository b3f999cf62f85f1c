import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reliabilityPage } from '../ci/reliability/page.ts';
import { readRecords } from '../ci/reliability/records.ts';

it('docs/reliability.md says what the records say; `npm run reliability` writes it', () => {
  const page = readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8');
  expect(page.replaceAll('\r\n', '\n')).toBe(reliabilityPage(readRecords()));
});
