import { Command, InvalidArgumentError } from 'commander';
import { checkBaseUrl } from '../signals/base-url.ts';

/** What `npm start --` takes. */
export type LocalOptions = {
  readonly configPath: string;
  /** Time between two ticks; a real API is asked as rarely as in the cloud unless told. */
  readonly everyMs: number;
  /** Stop after the first alert by each channel some rule uses; with `signalsUrl`: after one tick. */
  readonly once: boolean;
  /** A Signals API to poll in place of the fake one. */
  readonly signalsUrl: string | undefined;
  /** Keeps table, inbox and fake world between runs. */
  readonly dataDirectory: string | undefined;
};

/** Reads the command line; prints help or what is wrong with it and ends the process. */
export function readOptions(argv: readonly string[]): LocalOptions {
  const command = new Command('npm start --')
    .description(
      [
        'Runs the alerting stack on this machine; alerts show up in this terminal.',
        'The deployed functions run on a timer, with an embedded table and SNS endpoint.',
        'A fake Signals API with believable traffic gives them events.',
      ].join('\n'),
    )
    .option('--config <path>', 'the file to run', 'alerts.yaml')
    .option('--every <seconds>', 'time between two ticks (default: 2, with --signals 60)', parseSeconds)
    .option('--once', 'stop after the first e-mail and SMS, with --signals: a tick')
    .option('--signals <url>', 'poll this Signals API; its token is in SIGNALS_TOKEN', parseSignalsUrl)
    .option('--data <dir>', 'keep table, inbox and fake world between runs')
    .addHelpText(
      'after',
      `
Examples:
  npm start                                  the sample alerts.yaml, until Ctrl-C
  npm start -- --once                        until the first e-mail and the first SMS
  npm start -- --config mine.yaml --data .data
  SIGNALS_TOKEN=... npm start -- --signals https://api.signals.360dialog.io --once`,
    )
    .allowExcessArguments(false);
  const parsed = command.parse([...argv], { from: 'user' }).opts<{
    config: string;
    every?: number;
    once?: boolean;
    signals?: string;
    data?: string;
  }>();
  return {
    configPath: parsed.config,
    everyMs: (parsed.every ?? (parsed.signals === undefined ? 2 : 60)) * 1000,
    once: parsed.once === true,
    signalsUrl: parsed.signals,
    dataDirectory: parsed.data,
  };
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds < 0.1 || seconds > 3600) {
    throw new InvalidArgumentError('expected seconds from 0.1 to 3600, such as 2');
  }
  return seconds;
}

function parseSignalsUrl(text: string): string {
  try {
    return checkBaseUrl(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
