import process from 'node:process';
import { cruise } from 'dependency-cruiser';
import extractDepcruiseConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';

/** Fewer modules than this mean that the tool read nothing, which it reports as success. */
const MODULES_MIN = 80;

const { forbidden = [], options } = await extractDepcruiseConfig('./.dependency-cruiser.cjs');
const { output } = await cruise(['functions', 'infra', 'lib'], {
  ...options,
  validate: true,
  ruleSet: { forbidden },
});
if (typeof output === 'string') throw new Error('expected a report of modules, got text');

const { violations, totalCruised } = output.summary;
for (const { rule, from, to } of violations) console.error(`${rule.name}: ${from} -> ${to}`);
console.log(`${totalCruised} modules, ${violations.length} imports that point the wrong way`);
if (violations.length > 0 || totalCruised < MODULES_MIN) process.exitCode = 1;
