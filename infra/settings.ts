import { SHARD_APPS_MAX } from '../lib/domain/shards.ts';

/** What `-c NAME=VALUE` or the context of cdk.json says. */
export type Settings = {
  readonly configPath: string;
  /** Apps of one shard, 1 to 100. */
  readonly shardAppsMax: number;
  /** E-mail addresses that hear of alarms. */
  readonly operators: readonly string[];
};

export type SettingsRead =
  | { readonly kind: 'valid'; readonly settings: Settings }
  | { readonly kind: 'invalid'; readonly mistakes: readonly string[] };

/** Reads and checks every setting, so that a wrong one is told before anything is synthesised. */
export function readSettings(contextOf: (name: string) => unknown): SettingsRead {
  const mistakes: string[] = [];
  const configPath = textOf(contextOf('config')) ?? 'alerts.yaml';

  const shardSize = textOf(contextOf('shardSize')) ?? String(SHARD_APPS_MAX);
  const shardAppsMax = /^\d{1,3}$/.test(shardSize) ? Number(shardSize) : 0;
  if (shardAppsMax < 1 || shardAppsMax > SHARD_APPS_MAX) {
    mistakes.push(
      `-c shardSize: expected a whole number from 1 to ${SHARD_APPS_MAX}, found ${JSON.stringify(shardSize)}`,
    );
  }

  const operators = [...new Set(splitList(textOf(contextOf('operator')) ?? ''))];
  for (const operator of operators) {
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(operator)) {
      mistakes.push(
        `-c operator: expected e-mail addresses, separated by commas, found ${JSON.stringify(operator)}`,
      );
    }
  }

  if (mistakes.length > 0) return { kind: 'invalid', mistakes };
  return { kind: 'valid', settings: { configPath, shardAppsMax, operators } };
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value.join(',') : String(value);
}

function splitList(list: string): readonly string[] {
  return list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
