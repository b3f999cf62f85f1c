import { writeFileSync } from 'node:fs';
import { reliabilityPage } from './page.ts';
import { readRecords } from './records.ts';

// Writes docs/reliability.md anew from docs/records.
writeFileSync(new URL('../../../docs/reliability.md', import.meta.url), reliabilityPage(readRecords()));
