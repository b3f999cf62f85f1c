import process from 'node:process';
import { tableName } from '../../infra/names.ts';
import { chooseRegion } from '../../infra/region.ts';
import { ledgerClient } from '../adapters/dynamodb/client.ts';
import { dynamoLedger } from '../adapters/dynamodb/ledger.ts';
import { loadAlerts } from '../config/load.ts';
import { formatMistakes } from '../config/mistake.ts';
import type { AlertConfig } from '../domain/alert-config.ts';
import { formatKey } from '../domain/ledger-row.ts';
import { CannotDoError } from './cannot-do.ts';
import { findLocalRun } from './local-run.ts';
import type { Location, OpenStack, Place } from './world.ts';

const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/**
 * Opens the table of the stack; nothing is asked of it yet. In AWS with the credentials that the SDK finds.
 *
 * @throws CannotDoError when the file is wrong, or no local run is there.
 */
export function openStack(location: Location, complain: (line: string) => void): OpenStack {
  const run = location.local === undefined ? undefined : findLocalRun(location.local);
  const config = loadConfig(location.config ?? run?.config ?? 'alerts.yaml');
  const place = run?.place ?? placeInAws(config, location.region, complain);
  const client = ledgerClient({
    region: place.region,
    endpoint: place.url,
    credentials: run === undefined ? undefined : LOCAL_CREDENTIALS,
  });
  const ledger = dynamoLedger(client, place.tableName, {
    writeId: () => crypto.randomUUID(),
    onUnreadable: (key, error) =>
      complain(`left out, because it cannot be read: ${formatKey(key)} (${String(error)})`),
  });
  return { config, ledger, place, close: () => client.destroy() };
}

function loadConfig(path: string): AlertConfig {
  const loaded = loadAlerts(path);
  if (loaded.kind === 'invalid') throw new CannotDoError(formatMistakes(loaded.mistakes));
  return loaded.config;
}

function placeInAws(
  config: AlertConfig,
  givenRegion: string | undefined,
  complain: (line: string) => void,
): Place {
  const { region, note } = chooseRegion(givenRegion ?? config.stack.region, process.env);
  if (note !== undefined) complain(`${note}; --region says otherwise`);
  return { tableName: tableName(config.stack.name), region, url: undefined };
}
