import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { durationMs, formatDuration } from './durations.ts';
import type { Finding } from './mistake.ts';
import { at, entriesOf, itemsOf, textsOf } from './raw.ts';
import { repeats } from './repeats.ts';
import { checkRules } from './rule-checks.ts';
import { NAME } from './schema.ts';
import { quoted } from './shown.ts';

/**
 * What no single value shows: names that lead nowhere, repetitions, contradictions. Reads the file as it stands,
 * so that a mistake in one value hides none of these.
 */
export function checkAcross(file: unknown): readonly Finding[] {
  return [
    ...['receivers', 'rules'].flatMap((key) => checkNames(file, key)),
    ...checkLookback(at(file, 'lookback')),
    ...checkApps(at(file, 'apps')),
    ...entriesOf(at(file, 'receivers')).flatMap(([name, receiver]) => checkReceiver(name, receiver)),
    ...checkRules(file),
  ];
}

function checkNames(file: unknown, key: string): readonly Finding[] {
  return entriesOf(at(file, key)).flatMap(([name]) => {
    const words = nameMistake(name);
    return words === undefined ? [] : [{ path: [key, name], at: 'key', found: quoted(name), ...words }];
  });
}

function nameMistake(name: string): Pick<Finding, 'expected' | 'hint'> | undefined {
  if (!NAME.test(name)) {
    return {
      expected: 'a name of letters, digits and hyphens that starts with a letter or digit, at most 40',
    };
  }
  // Names are looked up in plain objects, which have these before anything is put there.
  if (!Object.hasOwn(Object.prototype, name)) return undefined;
  return {
    expected: 'a name that JavaScript does not use itself',
    hint: `${quoted(`the-${name}`)} would do`,
  };
}

function checkLookback(lookback: unknown): readonly Finding[] {
  const { everyTick, hourly, daily } = {
    everyTick: '15m',
    hourly: '24h',
    daily: '7d',
    ...textEntries(lookback),
  };
  return [
    ...checkOrder(lookback, 'hourly', hourly, 'everyTick', everyTick),
    ...checkOrder(lookback, 'daily', daily, 'hourly', hourly),
  ];
}

function checkOrder(
  lookback: unknown,
  key: string,
  text: string,
  than: string,
  thanText: string,
): readonly Finding[] {
  const millis = durationMs(text);
  const leastMs = durationMs(thanText);
  if (millis === undefined || leastMs === undefined || millis >= leastMs) return [];
  const found = at(lookback, key) === undefined ? `${text}, its default` : quoted(text);
  const expected = `at least ${formatDuration(leastMs)}, as lookback.${than}`;
  return [{ path: ['lookback', key], at: 'value', expected, found }];
}

function textEntries(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entriesOf(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function checkApps(apps: unknown): readonly Finding[] {
  const placed = itemsOf(apps).flatMap((app, index) => {
    const [client, id] = [at(app, 'client'), at(app, 'app')];
    if (typeof client !== 'string' || typeof id !== 'string') return [];
    return [{ text: `${client}/${id}`, path: ['apps', index] }];
  });
  return repeats(placed, (text) => text, 'each app of a client once');
}

function checkReceiver(name: string, receiver: unknown): readonly Finding[] {
  const path = ['receivers', name];
  const isMap = typeof receiver === 'object' && receiver !== null && !Array.isArray(receiver);
  const hasChannel = at(receiver, 'email') !== undefined || at(receiver, 'sms') !== undefined;
  return [
    ...(isMap && !hasChannel
      ? [{ path, at: 'value' as const, expected: 'at least one channel: email or sms' }]
      : []),
    ...repeats(addressesOf(receiver, [...path, 'email']), (text) => text.toLowerCase(), 'each address once'),
    ...repeats(addressesOf(receiver, [...path, 'sms']), sameNumber, 'each number once'),
  ];
}

function addressesOf(receiver: unknown, path: readonly string[]) {
  const channel = at(receiver, path.at(-1) ?? '');
  const to = at(channel, 'to');
  if (to !== undefined) return Array.isArray(to) ? textsOf(to, [...path, 'to']) : [];
  return Array.isArray(channel) ? textsOf(channel, path) : [];
}

function sameNumber(text: string): string {
  return parsePhoneNumberFromString(text)?.number ?? text;
}
