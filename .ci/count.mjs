// Prints "<passed> <failed>" of a vitest JSON report. A test that did not run has failed.
import { readFileSync } from 'node:fs';
import process from 'node:process';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = report;

// A file that cannot be loaded, or whose preparation failed, has no failed test of its own.
const brokenFiles = testResults.filter(
  ({ status, assertionResults }) =>
    status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
).length;

process.stdout.write(`${numPassedTests} ${numFailedTests + numPendingTests + numTodoTests + brokenFiles}\n`);
