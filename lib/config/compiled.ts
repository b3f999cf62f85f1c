import type { AlertConfig } from '../domain/alert-config.ts';

/** The configuration as it travels inside a function: the same for the same file, whenever it was written. */
export function writeCompiledConfig(config: AlertConfig): string {
  return `${JSON.stringify(config, undefined, 1)}\n`;
}

/**
 * Reads what `writeCompiledConfig` wrote. It was checked before it was written, so only its version is looked at.
 *
 * @throws Error when it was written by another version of the program.
 */
export function readCompiledConfig(text: string): AlertConfig {
  const config = JSON.parse(text) as AlertConfig;
  if (config.version !== 1) {
    throw new Error(`alerts.json: expected version 1, found ${JSON.stringify(config.version)}; deploy again`);
  }
  return config;
}
