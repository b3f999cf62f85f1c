import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { alertsJsonSchema } from './json-schema.ts';

const FILE = fileURLToPath(new URL('../../alerts.schema.json', import.meta.url));

function isUpToDate(): boolean {
  try {
    // Git may check files out with other line ends.
    return readFileSync(FILE, 'utf8').replaceAll('\r\n', '\n') === alertsJsonSchema();
  } catch {
    return false;
  }
}

if (!process.argv.includes('--check')) {
  writeFileSync(FILE, alertsJsonSchema());
} else if (!isUpToDate()) {
  console.error(
    'alerts.schema.json is not what lib/config/schema.ts says: run node lib/config/write-schema.ts',
  );
  process.exitCode = 1;
}
