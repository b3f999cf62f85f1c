import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { loadAlerts } from '../lib/config/load.ts';
import { formatMistakes } from '../lib/config/mistake.ts';
import { brokenLimits, formatLimits } from './limits.ts';
import { operatorTopicName } from './names.ts';
import { chooseRegion } from './region.ts';
import { readSettings } from './settings.ts';
import { addStacks } from './stacks.ts';

const app = new App();

const read = readSettings((name) => app.node.tryGetContext(name));
if (read.kind === 'invalid') refuse(read.mistakes.join('\n'));
const { configPath, shardAppsMax, operators } = read.settings;

const loaded = loadAlerts(configPath);
if (loaded.kind === 'invalid') refuse(formatMistakes(loaded.mistakes));
const { config } = loaded;

const broken = brokenLimits({ config, shardAppsMax, operators });
if (broken.length > 0) refuse(formatLimits(broken));

const { region, note } = chooseRegion(config.stack.region, process.env);
if (note !== undefined) console.error(note);
if (operators.length === 0) {
  console.error(
    `nobody hears of alarms: deploy with -c operator=you@example.com, or subscribe to the topic ${operatorTopicName(config.stack.name)}`,
  );
}

addStacks(app, { config, shardAppsMax, operators, region, account: process.env['CDK_DEFAULT_ACCOUNT'] });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

/** Ends the process at once: merely setting the exit code would let the empty app be synthesised. */
function refuse(reasons: string): never {
  console.error(reasons);
  process.exit(1);
}
