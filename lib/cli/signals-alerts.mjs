#!/usr/bin/env node
// Plain JavaScript, as the preflight is: it runs on whatever Node there is.
import process from 'node:process';
import { fileURLToPath } from 'node:url';

process.argv.splice(2, 0, fileURLToPath(new URL('./main.ts', import.meta.url)));
await import('../local/preflight.mjs');
