import type { AlertConfig, Rule } from '../domain/alert-config.ts';
import type { FirstMatch } from './fake-signals/first-match.ts';
import { EVENT_TYPES } from './fake-signals/wire-event.ts';

/**
 * An event that the file's first rule matches: its first keyword as text, its first type, in the app, campaign and ad
 * it narrows to. Rules for types the fake API has not are passed over.
 */
export function sampleEvent(config: AlertConfig): FirstMatch {
  for (const rule of config.rules) {
    const type = EVENT_TYPES.find((known) => rule.when.types.includes(known));
    const app = config.apps.find((known) => rule.when.apps.includes(known.app));
    if (rule.when.types.length > 0 && type === undefined) continue;
    return {
      ...(app === undefined ? {} : { client: app.client, app: app.app }),
      ...(type === undefined ? {} : { type }),
      ...narrowed(rule),
    };
  }
  return {};
}

function narrowed({ when }: Rule): FirstMatch {
  const [campaign, ad, text] = [when.campaigns[0], when.ads[0], when.keywords[0]];
  return {
    ...(campaign === undefined ? {} : { campaign }),
    ...(ad === undefined ? {} : { ad }),
    ...(text === undefined ? {} : { text }),
  };
}

/** A command for the shell of `platform` that sends the event to the fake API; no text can break out of its quotes. */
export function curlCommand(url: string, event: FirstMatch, platform: string): string {
  const fields = Object.entries(event).map(([name, value = '']) => `"${name}": ${JSON.stringify(value)}`);
  const json = `{${fields.join(', ')}}`;
  if (platform !== 'win32') return `curl ${url}/local/events -d '${json.replaceAll("'", '\\u0027')}'`;
  const pairs = Object.entries(event).map(([name, value = '']) => `\\"${name}\\": \\"${asciiOf(value)}\\"`);
  return `curl ${url}/local/events -d "{${pairs.join(', ')}}"`;
}

/** As the inside of a JSON string, of letters, digits and blanks alone: the consoles' code pages know no others. */
function asciiOf(text: string): string {
  return text.replace(
    /[^A-Za-z0-9 _-]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
