// Plain JavaScript that any Node since 14 can read: it has to explain itself on a Node that cannot read the rest.
import { resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const WANTED_MAJOR = 24;
const major = Number(process.versions.node.split('.')[0]);

if (major < WANTED_MAJOR) {
  process.stderr.write(
    [
      `This needs Node ${WANTED_MAJOR}, and is running on Node ${process.versions.node} (${process.platform} ${process.arch}).`,
      `npm ci brings Node ${WANTED_MAJOR} along for Linux (x64, arm64), macOS and Windows (x64). It did not arrive here:`,
      '  - if optional dependencies were left out, run: npm ci --include=optional',
      `  - otherwise install Node ${WANTED_MAJOR} (https://nodejs.org/en/download) and run the same command again.`,
      '',
    ].join('\n'),
  );
  process.exit(1);
}

const [target, ...rest] = process.argv.slice(2);
const file = resolve(target);
process.argv = [process.argv[0], file, ...rest];
await import(pathToFileURL(file).href);
