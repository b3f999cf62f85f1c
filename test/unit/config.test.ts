import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { alertsJsonSchema } from '../../lib/config/json-schema.ts';
import { loadAlerts, type ParsedAlerts, parseAlerts } from '../../lib/config/load.ts';
import { formatMistakes } from '../../lib/config/mistake.ts';
import type { AlertConfig } from '../../lib/domain/alert-config.ts';

const VALID = `apps:
  - { client: c-1, app: "7" }
receivers:
  ana: { email: [ana@example.com] }
rules:
  hello: { when: { keyword: hello }, notify: [ana] }
`;

function configOf(parsed: ParsedAlerts): AlertConfig {
  if (parsed.kind === 'valid') return parsed.config;
  throw new Error(formatMistakes(parsed.mistakes));
}

function saidOf(text: string): readonly string[] {
  const parsed = parseAlerts(text, 'f');
  return parsed.kind === 'valid' ? [] : formatMistakes(parsed.mistakes).split('\n');
}

/** VALID with one place changed; fails when there is no such place. */
function changed(from: string, to: string): string {
  expect(VALID).toContain(from);
  return VALID.replace(from, () => to);
}

const APPS = 'apps:';
const APP = '{ client: c-1, app: "7" }';
const EMAIL = '[ana@example.com]';
const RECEIVER = '{ email: [ana@example.com] }';
const WHEN = '{ keyword: hello }';
const NOTIFY = 'notify: [ana]';

it('takes a file with nothing but apps, receivers and rules, and fills in the rest', () => {
  const { hash, ...config } = configOf(parseAlerts(VALID, 'f'));
  expect(hash).toMatch(/^[0-9a-f]{32}$/);
  expect(config).toEqual({
    version: 1,
    stack: { name: 'signals-alerts', region: undefined },
    timeZone: 'UTC',
    signals: { baseUrl: 'https://api.signals.360dialog.io', credentials: 'signals-alerts/credentials' },
    lookback: { everyTickMs: 900_000, hourlyMs: 86_400_000, dailyMs: 604_800_000 },
    apps: [{ key: 'c-1/7', client: 'c-1', app: '7', name: '7', timeZone: 'UTC', timeZoneIsSet: false }],
    receivers: [
      { name: 'ana', timeZone: 'UTC', phones: 'masked', email: { to: ['ana@example.com'] }, sms: undefined },
    ],
    rules: [
      {
        name: 'hello',
        when: {
          types: [],
          keywords: ['hello'],
          not: [],
          apps: [],
          campaigns: [],
          ads: [],
          match: 'word',
          accents: 'ignore',
          sinceMs: undefined,
        },
        notify: ['ana'],
      },
    ],
  });
});

it.for([...Object.getOwnPropertyNames(Object.prototype)])('refuses a rule or receiver named %s', (name) => {
  const rule = changed('hello: {', `${name}: {`);
  expect(saidOf(rule)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(`^f:6:3  rules.${name}: expected a name .*found "${name}"`),
    ]),
  );
  const receiver = changed('[ana]', `[${name}]`).replace('ana: {', `${name}: {`);
  expect(saidOf(receiver)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(`^f:4:3  receivers.${name}: expected a name .*found "${name}"`),
    ]),
  );
});

it('takes every setting there is', () => {
  const config = configOf(
    parseAlerts(
      `version: 1
stack: { name: my-stack, region: us-gov-west-1 }
timeZone: America/Sao_Paulo
signals: { baseUrl: "http://127.0.0.1:8080/signals/", timeZone: Europe/Lisbon, credentials: a/b }
lookback: { everyTick: 30m, hourly: 1.5 days, daily: 28d }
apps:
  - { client: c-1, app: a-1, name: "  Shop  ", timeZone: Asia/Tokyo }
  - { client: c-2, app: a-1 }
receivers:
  Ana-2: { timeZone: Asia/Tokyo, phones: full, email: { to: [a@example.com] }, sms: ["+1 (202) 555-0123"] }
  bo: { sms: { to: ["+12025550124"], maxPerHour: 5, monthlyBudgetUsd: 7.5 } }
rules:
  all:
    when:
      type: [ converted, something_new ]
      keyword: [ hello, Olá ]
      not: test
      app: a-1
      campaign: " 120 "
      ad: ["1", "2"]
      match: substring
      accents: exact
      since: 2026-11-01
    notify: [bo, Ana-2]
    cooldown: { for: 2h, per: campaign }
  short: { when: { type: converted }, notify: [bo], cooldown: 30m }
`,
      'f',
    ),
  );
  expect(config.stack).toEqual({ name: 'my-stack', region: 'us-gov-west-1' });
  expect(config.signals).toEqual({ baseUrl: 'http://127.0.0.1:8080/signals', credentials: 'a/b' });
  expect(config.lookback).toEqual({ everyTickMs: 1_800_000, hourlyMs: 129_600_000, dailyMs: 2_419_200_000 });
  expect(
    config.apps.map(({ key, name, timeZone, timeZoneIsSet }) => [key, name, timeZone, timeZoneIsSet]),
  ).toEqual([
    ['c-1/a-1', 'Shop', 'Asia/Tokyo', true],
    ['c-2/a-1', 'a-1', 'Europe/Lisbon', true],
  ]);
  expect(config.receivers).toEqual([
    {
      name: 'Ana-2',
      timeZone: 'Asia/Tokyo',
      phones: 'full',
      email: { to: ['a@example.com'] },
      sms: { to: ['+12025550123'], limits: { hourlyMax: 60, monthlyMicroUsd: undefined } },
    },
    {
      name: 'bo',
      timeZone: 'America/Sao_Paulo',
      phones: 'masked',
      email: undefined,
      sms: { to: ['+12025550124'], limits: { hourlyMax: 5, monthlyMicroUsd: 7_500_000 } },
    },
  ]);
  expect(config.rules[0]).toEqual({
    name: 'all',
    when: {
      types: ['converted', 'something_new'],
      keywords: ['hello', 'Olá'],
      not: ['test'],
      apps: ['a-1'],
      campaigns: ['120'],
      ads: ['1', '2'],
      match: 'substring',
      accents: 'exact',
      sinceMs: Date.UTC(2026, 10, 1, 3),
    },
    notify: ['bo', 'Ana-2'],
    cooldown: { forMs: 7_200_000, per: 'campaign' },
  });
  expect(config.rules[1]?.cooldown).toEqual({ forMs: 1_800_000, per: 'lead' });
});

it.for([
  { name: 'a date is midnight in the zone of people', since: '2026-11-01', ms: Date.UTC(2026, 10, 1, 3) },
  {
    name: 'a moment is taken with its offset',
    since: '2026-11-01T09:00:00+02:00',
    ms: Date.UTC(2026, 10, 1, 7),
  },
  { name: 'Z is an offset', since: '2026-11-01 09:00Z', ms: Date.UTC(2026, 10, 1, 9) },
])('since: $name', ({ since, ms }) => {
  const text = `timeZone: America/Sao_Paulo\n${changed(WHEN, `{ type: x, since: ${since} }`)}`;
  expect(configOf(parseAlerts(text, 'f')).rules[0]?.when.sinceMs).toBe(ms);
});

it.for([
  { name: 'every tick as far as 26 hours', text: `lookback: { everyTick: 26h, hourly: 26h }\n${VALID}` },
  { name: 'all tiers alike', text: `lookback: { everyTick: 1m, hourly: 1m, daily: 1m }\n${VALID}` },
  { name: 'an http address of this machine', text: `signals: { baseUrl: "http://[::1]:1" }\n${VALID}` },
  { name: 'a type nobody has heard of', text: changed(WHEN, '{ type: refunded }') },
  { name: 'one app id under two clients', text: changed(APP, `${APP}\n  - { client: c-2, app: "7" }`) },
  {
    name: 'accents that tell keywords apart when they count',
    text: changed(WHEN, '{ keyword: [ola, olá], accents: exact }'),
  },
  {
    name: 'anchors and aliases',
    text: `${VALID}  again: { when: &w { type: x }, notify: &n [ana] }\n  more: { when: *w, notify: *n }\n`,
  },
  {
    name: 'quotes and apostrophes that stand within a phrase or are meant',
    text: changed(
      WHEN,
      `{ keyword: [I’m ready, ’tis, the dogs’, the “big” one, a 32” screen, '"in quotes"', ”, ’], not: ['it’s “so”'] }`,
    ),
  },
  { name: 'Windows line ends', text: VALID.replaceAll('\n', '\r\n') },
  { name: 'a byte order mark', text: `\uFEFF${VALID}` },
  {
    name: 'names that only look like those JavaScript uses',
    text: VALID.replaceAll('ana', 'Constructor').replace('hello:', 'to-string:'),
  },
])('accepts $name', ({ text }) => {
  expect(saidOf(text)).toEqual([]);
});

it.for([
  // The file as a whole
  {
    name: 'an empty file',
    text: '',
    says: 'f:1:1  expected a map with apps, receivers and rules, found nothing',
  },
  {
    name: 'a file of comments',
    text: '# later\n',
    says: 'f:1:1  expected a map with apps, receivers and rules, found nothing',
  },
  {
    name: 'a list',
    text: '- a\n',
    says: 'f:1:1  expected a map with apps, receivers and rules, found a list of 1',
  },
  {
    name: 'a sentence',
    text: 'hello there\n',
    says: 'f:1:1  expected a map with apps, receivers and rules, found "hello there"',
  },
  { name: 'a tab', text: 'apps:\n\t- a\n', says: 'f:2:1  expected spaces as indentation, found a tab' },
  {
    name: 'a second document',
    text: `${VALID}---\na: 1\n`,
    says: 'f:7:1  expected one document, found the start of a second one',
  },
  {
    name: 'an open quote',
    text: 'apps: "a\n',
    says: 'f:2:1  expected a closing " before here, found none',
  },
  {
    name: 'an open single quote',
    text: "apps: ['a', 'b]\n",
    says: "f:2:1  expected a closing ' before here, found none",
  },
  {
    name: 'a missing comma',
    text: 'apps: ["a" "b"]\n',
    says: 'f:1:12  expected a comma between two items of a list, found none',
  },
  {
    name: 'a missing colon',
    text: 'apps: { "a" "b" }\n',
    says: 'f:1:13  expected a comma or a colon between two parts of a map, found none',
  },
  {
    name: 'a backslash that means nothing',
    text: 'apps: "a\\d"\n',
    says: 'f:1:9  expected a backslash inside "…" to be written twice, found a single one',
  },
  {
    name: 'a bracket that stays open',
    text: 'apps: [a\nrules: b\n',
    says: expect.stringMatching(
      /^f:2:1 {2}expected quotes, brackets and indentation that fit together, found a place where they do not \(Flow .*\)$/,
    ),
  },
  {
    name: 'an apostrophe in single quotes, in a list',
    text: "apps: ['I'm ready']\n",
    says: `f:1:11  expected a comma between two items of a list, found none - an apostrophe inside '…' is written twice (''), or use "…"`,
  },
  {
    name: 'an apostrophe in single quotes, alone',
    text: "apps:\n  'hi': 'I'm ready'\n",
    says: `f:2:12  expected the value to end here, found more after it - an apostrophe inside '…' is written twice (''), or use "…"`,
  },
  {
    name: 'text after a value in double quotes, with an apostrophe in them',
    text: `apps: "I 'don't" know\n`,
    says: 'f:1:18  expected the value to end here, found more after it',
  },
  {
    name: 'a reserved sign',
    text: 'apps: @a\n',
    says: 'f:1:7  expected quotes around a value that starts with @ or `, found it without them',
  },
  {
    name: 'a colon in a value',
    text: 'apps: a: b\n',
    says: 'f:1:7  expected quotes around a value that contains ": ", found a second colon on the line',
  },
  {
    name: 'a tag',
    text: 'apps: !Ref a\n',
    says: 'f:1:7  expected a plain value, found a tag YAML does not define here (Unresolved tag: !Ref)',
  },
  {
    name: 'an alias of nothing',
    text: 'apps: *a\n',
    says: 'f:1:7  expected an alias (*name) that follows its anchor (&name), found "*a"',
  },
  {
    name: 'nesting without end',
    text: '['.repeat(20_000),
    says: expect.stringMatching(
      /^f:1:\d+ {2}expected lists and maps a few levels deep, found levels without end$/,
    ),
  },
  {
    name: 'an alias bomb',
    text: `a: &a [1]\n${'bcdefgh'.replace(/./g, (at) => `${at}: &${at} [${`*${String.fromCharCode(at.charCodeAt(0) - 1)}, `.repeat(9)}1]\n`)}`,
    says: 'f:1:1  expected an anchor (&name) used a few times, found more than 1000 uses',
  },
  {
    name: 'a key twice',
    text: `${VALID}  hello: { when: { type: x }, notify: [ana] }\n`,
    says: 'f:7:3  rules.hello: expected each key once, found "hello" again - the first is on line 6',
  },
  {
    name: 'a number as a key',
    text: `${VALID}  5: { when: { type: x }, notify: [ana] }\n`,
    says: 'f:7:3  rules.5: expected a key in quotes ("5"), found 5 without them',
  },
  {
    name: 'a list as a key',
    text: '? [a]\n: b\n',
    says: 'f:1:3  expected a key that is text, found a list or a map',
  },
  {
    name: 'keys within keys, at once',
    text: `${'? '.repeat(800)}a\n`,
    says: 'f:1:3  expected a key that is text, found a list or a map',
  },
  {
    name: 'an alias as a key',
    text: 'a: &a b\n*a : c\n',
    says: 'f:2:1  expected a key that is text, found an alias',
  },
  {
    name: 'a colon without a key',
    text: `${VALID}  : { when: { type: x }, notify: [ana] }\n`,
    says: 'f:7:1  rules[""]: expected a key before the colon, found none',
  },
  {
    name: 'one key that is wrong in two ways, once',
    text: `5: x\n${VALID}`,
    says: 'f:1:1  5: expected a key in quotes ("5"), found 5 without them',
  },
  // Keys
  {
    name: 'an unknown key',
    text: `timezone: UTC\n${VALID}`,
    says: 'f:1:1  timezone: expected one of the keys version, stack, timeZone, signals, lookback, apps, receivers, rules, found the unknown key "timezone" - did you mean "timeZone"?',
  },
  {
    name: 'an unknown key like no other',
    text: changed(RECEIVER, '{ email: [ana@example.com], pigeon: 1 }'),
    says: 'f:4:36  receivers.ana.pigeon: expected one of the keys timeZone, phones, email, sms, found the unknown key "pigeon"',
  },
  {
    name: 'a missing key',
    text: changed(`, ${NOTIFY}`, ''),
    says: 'f:6:10  rules.hello.notify: expected a list of receivers, found nothing',
  },
  {
    name: 'the key of an object',
    text: `__proto__: {}\n${VALID}`,
    says: 'f:1:1  __proto__: expected one of the keys version, stack, timeZone, signals, lookback, apps, receivers, rules, found the unknown key "__proto__"',
  },
  // Top
  {
    name: 'another version',
    text: `version: 2\n${VALID}`,
    says: 'f:1:10  version: expected 1, found the number 2',
  },
  {
    name: 'a stack that is a name',
    text: `stack: spot\n${VALID}`,
    says: 'f:1:8  stack: expected a map with name and region, found "spot"',
  },
  {
    name: 'a section left empty',
    text: `signals:\n${VALID}`,
    says: 'f:1:1  signals: expected a map with baseUrl, timeZone or credentials, found nothing',
  },
  {
    name: 'a stack name with a space',
    text: `stack: { name: my stack }\n${VALID}`,
    says: 'f:1:16  stack.name: expected a name of letters, digits and hyphens that starts with a letter, at most 40, found "my stack"',
  },
  {
    name: 'a region in words',
    text: `stack: { region: Ireland }\n${VALID}`,
    says: 'f:1:18  stack.region: expected an AWS region such as "eu-west-1", found "Ireland"',
  },
  {
    name: 'a zone with a slip',
    text: `timeZone: America/Sao_Paolo\n${VALID}`,
    says: 'f:1:11  timeZone: expected an IANA time zone such as "Europe/Lisbon", found "America/Sao_Paolo" - did you mean "America/Sao_Paulo"?',
  },
  {
    name: 'an offset for a zone',
    text: `timeZone: "+03:00"\n${VALID}`,
    says: 'f:1:11  timeZone: expected an IANA time zone such as "Europe/Lisbon", found "+03:00"',
  },
  // Signals
  {
    name: 'http to the world',
    text: `signals: { baseUrl: "http://example.com" }\n${VALID}`,
    says: 'f:1:21  signals.baseUrl: expected a web address that starts with https:// (http:// only for this machine, such as http://localhost:8080), found "http://example.com"',
  },
  {
    name: 'http to a name that begins like this machine',
    text: `signals: { baseUrl: "http://localhost.example.com" }\n${VALID}`,
    says: 'f:1:21  signals.baseUrl: expected a web address that starts with https:// (http:// only for this machine, such as http://localhost:8080), found "http://localhost.example.com"',
  },
  {
    name: 'no web address',
    text: `signals: { baseUrl: example.com }\n${VALID}`,
    says: 'f:1:21  signals.baseUrl: expected a web address that starts with https://, found "example.com"',
  },
  {
    name: 'a password in the address, which is not repeated',
    text: `signals: { baseUrl: "https://a:b@example.com" }\n${VALID}`,
    says: 'f:1:21  signals.baseUrl: expected a web address without a user name or password, found one with them',
  },
  {
    name: 'a query in the address, which is not repeated',
    text: `signals: { baseUrl: "https://example.com?token=x" }\n${VALID}`,
    says: 'f:1:21  signals.baseUrl: expected a web address without ? and #, found one with them',
  },
  {
    name: 'the secret for its name, which is not repeated',
    text: `signals: { credentials: '{"token": "x"}' }\n${VALID}`,
    says: 'f:1:25  signals.credentials: expected the name of a secret in AWS Secrets Manager, such as "signals-alerts/credentials", found text of 14 characters that is not one',
  },
  {
    name: 'a number for the name of the secret, which is not repeated',
    text: `signals: { credentials: 12345 }\n${VALID}`,
    says: 'f:1:25  signals.credentials: expected the name of a secret in AWS Secrets Manager, such as "signals-alerts/credentials", found a number',
  },
  // Lookback
  {
    name: 'a duration without a unit',
    text: `lookback: { everyTick: 15 }\n${VALID}`,
    says: 'f:1:24  lookback.everyTick: expected a duration such as "15m", "24h" or "7d", from 1m to 26h, found the number 15',
  },
  {
    name: 'a duration without a unit, in quotes',
    text: `lookback: { everyTick: "15" }\n${VALID}`,
    says: 'f:1:24  lookback.everyTick: expected a duration such as "15m", "24h" or "7d", from 1m to 26h, found "15"',
  },
  {
    name: 'a negative duration',
    text: `lookback: { everyTick: -15m }\n${VALID}`,
    says: 'f:1:24  lookback.everyTick: expected a duration such as "15m", "24h" or "7d", from 1m to 26h, found "-15m"',
  },
  {
    name: 'a unit nobody knows',
    text: `lookback: { hourly: 15 moons }\n${VALID}`,
    says: 'f:1:21  lookback.hourly: expected a duration such as "15m", "24h" or "7d", from 1m to 28d, found "15 moons"',
  },
  {
    name: 'too short a lookback',
    text: `lookback: { everyTick: 59s }\n${VALID}`,
    says: 'f:1:24  lookback.everyTick: expected a duration such as "15m", "24h" or "7d", from 1m to 26h, found "59s"',
  },
  {
    name: 'too long a lookback',
    text: `lookback: { daily: 29d }\n${VALID}`,
    says: 'f:1:20  lookback.daily: expected a duration such as "15m", "24h" or "7d", from 1m to 28d, found "29d"',
  },
  {
    name: 'a tier shorter than the one before',
    text: `lookback: { hourly: 8d, daily: 7d }\n${VALID}`,
    says: 'f:1:32  lookback.daily: expected at least 8d, as lookback.hourly, found "7d"',
  },
  {
    name: 'a tier whose default is shorter than the one before',
    text: `lookback: { everyTick: 25h }\n${VALID}`,
    says: 'f:1:11  lookback.hourly: expected at least 25h, as lookback.everyTick, found 24h, its default',
  },
  // Apps
  {
    name: 'no app',
    text: changed(`${APPS}\n  - ${APP}`, 'apps: []'),
    says: 'f:1:7  apps: expected a list of apps, found an empty list',
  },
  {
    name: 'an app that is a text',
    text: changed(APP, 'shop'),
    says: 'f:2:5  apps[0]: expected an app: a map with client and app, found "shop"',
  },
  {
    name: 'an id without quotes, as it was spelled',
    text: changed('"7"', '072822'),
    says: 'f:2:25  apps[0].app: expected text in quotes ("072822"), found the number 072822',
  },
  {
    name: 'a slash in an id',
    text: changed('c-1', 'c/1'),
    says: 'f:2:15  apps[0].client: expected a client id of letters, digits, _ and -, at most 64, found "c/1"',
  },
  {
    name: 'a missing id',
    text: changed('client: c-1, ', ''),
    says: 'f:2:5  apps[0].client: expected a client id of letters, digits, _ and -, at most 64, found nothing',
  },
  {
    name: 'a name of two lines',
    text: changed('"7" }', '"7", name: "a\\nb" }'),
    says: 'f:2:36  apps[0].name: expected a name for people on one line, found "a\\nb"',
  },
  {
    name: 'an app twice',
    text: changed(APP, `${APP}\n  - ${APP}`),
    says: 'f:3:5  apps[1]: expected each app of a client once, found "c-1/7" again - the first is apps[0]',
  },
  // Receivers
  {
    name: 'no receiver',
    text: changed(`receivers:\n  ana: ${RECEIVER}`, 'receivers: {}'),
    says: 'f:3:12  receivers: expected at least one receiver, by name, found an empty map',
  },
  {
    name: 'a name with a slash',
    text: `${VALID}  a/b: { when: { type: x }, notify: [ana] }\n`,
    says: 'f:7:3  rules["a/b"]: expected a name of letters, digits and hyphens that starts with a letter or digit, at most 40, found "a/b"',
  },
  {
    name: 'a receiver named as JavaScript names something of its own',
    text: changed('[ana]', '[constructor]').replace('ana: {', 'constructor: {'),
    says: 'f:4:3  receivers.constructor: expected a name that JavaScript does not use itself, found "constructor" - "the-constructor" would do',
  },
  {
    name: 'a receiver without a channel',
    text: changed(RECEIVER, '{ phones: full }'),
    says: 'f:4:8  receivers.ana: expected at least one channel: email or sms, found a map with phones',
  },
  {
    name: 'a choice that is none',
    text: changed(RECEIVER, `{ email: ${EMAIL}, phones: all }`),
    says: 'f:4:44  receivers.ana.phones: expected "masked" or "full", found "all"',
  },
  {
    name: 'an address that is no list',
    text: changed(EMAIL, 'ana@example.com'),
    says: 'f:4:17  receivers.ana.email: expected a list of e-mail addresses, or a map with to, found "ana@example.com"',
  },
  {
    name: 'no address',
    text: changed(EMAIL, '[]'),
    says: 'f:4:17  receivers.ana.email: expected a list of e-mail addresses, found an empty list',
  },
  {
    name: 'an address that is none',
    text: changed(EMAIL, '{ to: [ana@example] }'),
    says: 'f:4:24  receivers.ana.email.to[0]: expected an e-mail address such as "sales@example.com", found "ana@example"',
  },
  {
    name: 'a setting a channel does not have',
    text: changed(EMAIL, '{ too: [ana@example.com], to: [bo@example.com] }'),
    says: 'f:4:19  receivers.ana.email.too: expected one of the keys to, found the unknown key "too" - did you mean "to"?',
  },
  {
    name: 'an address twice',
    text: changed(EMAIL, '[ana@example.com, Ana@example.com]'),
    says: 'f:4:35  receivers.ana.email[1]: expected each address once, found "Ana@example.com", the same as "ana@example.com" - the first is receivers.ana.email[0]',
  },
  {
    name: 'a phone number without quotes',
    text: changed(RECEIVER, '{ sms: [+12025550123] }'),
    says: 'f:4:16  receivers.ana.sms[0]: expected text in quotes ("+12025550123"), found the number +12025550123',
  },
  {
    name: 'a phone number without its country',
    text: changed(RECEIVER, '{ sms: ["202 555 0123"] }'),
    says: 'f:4:16  receivers.ana.sms[0]: expected a phone number with its country code, such as "+12025550123", found "202 555 0123"',
  },
  {
    name: 'half a phone number',
    text: changed(RECEIVER, '{ sms: ["+1202555"] }'),
    says: 'f:4:16  receivers.ana.sms[0]: expected a phone number with its country code, such as "+12025550123", of a length that country uses, found "+1202555"',
  },
  {
    name: 'a phone number twice',
    text: changed(RECEIVER, '{ sms: ["+12025550123", "+1 202 555 0123"] }'),
    says: 'f:4:32  receivers.ana.sms[1]: expected each number once, found "+1 202 555 0123", the same as "+12025550123" - the first is receivers.ana.sms[0]',
  },
  // Rules
  {
    name: 'no rule',
    text: changed(`rules:\n  hello: { when: ${WHEN}, ${NOTIFY} }`, 'rules: {}'),
    says: 'f:5:8  rules: expected at least one rule, by name, found an empty map',
  },
  {
    name: 'a receiver there is not',
    text: changed(NOTIFY, 'notify: [an]'),
    says: 'f:6:47  rules.hello.notify[0]: expected a receiver (ana), found "an" - did you mean "ana"?',
  },
  {
    name: 'a receiver twice',
    text: changed(NOTIFY, 'notify: [ana, ana]'),
    says: 'f:6:52  rules.hello.notify[1]: expected each receiver once, found "ana" again - the first is rules.hello.notify[0]',
  },
  {
    name: 'nobody to notify',
    text: changed(NOTIFY, 'notify: []'),
    says: 'f:6:46  rules.hello.notify: expected a list of receivers, found an empty list',
  },
  {
    name: 'a condition that asks nothing',
    text: changed(WHEN, '{}'),
    says: 'f:6:18  rules.hello.when: expected at least one of type, keyword, app, campaign, ad, found an empty map',
  },
  {
    name: 'a condition that only takes away',
    text: changed(WHEN, '{ not: hello }'),
    says: 'f:6:18  rules.hello.when: expected at least one of type, keyword, app, campaign, ad, found a map with not - not only takes away from what they find',
  },
  {
    name: 'a way to match without words',
    text: changed(WHEN, '{ type: x, match: word }'),
    says: 'f:6:29  rules.hello.when.match: expected match only beside keyword or not, found neither',
  },
  {
    name: 'a way with accents without words',
    text: changed(WHEN, '{ type: x, accents: exact }'),
    says: 'f:6:29  rules.hello.when.accents: expected accents only beside keyword or not, found neither',
  },
  {
    name: 'a number for a word',
    text: changed(WHEN, '{ keyword: [hello, 2026] }'),
    says: 'f:6:37  rules.hello.when.keyword[1]: expected text in quotes ("2026"), found the number 2026',
  },
  {
    name: 'true for a word',
    text: changed(WHEN, '{ keyword: true }'),
    says: 'f:6:29  rules.hello.when.keyword: expected text in quotes ("true"), found true',
  },
  {
    name: 'a keyword without a letter',
    text: changed(WHEN, '{ keyword: "\\u200d " }'),
    says: 'f:6:29  rules.hello.when.keyword: expected a word or phrase with letters, digits or signs, found "\\u200d "',
  },
  {
    name: 'a keyword in quotes from a text program',
    text: changed(WHEN, '{ keyword: [hello, “quero pizza”] }'),
    says: 'f:6:37  rules.hello.when.keyword[1]: expected a phrase without quotes around it, found "“quero pizza”" - write "quero pizza"',
  },
  {
    name: 'an unwanted word in such quotes',
    text: changed(WHEN, '{ type: x, not: „nein danke“ }'),
    says: 'f:6:34  rules.hello.when.not: expected a phrase without quotes around it, found "„nein danke“" - write "nein danke"',
  },
  {
    name: 'a phrase in such quotes that its comma has split',
    text: changed(WHEN, '{ keyword: [“hello, friend”] }'),
    says: 'f:6:30  rules.hello.when.keyword[0]: expected a phrase without quotes around it, found "“hello" - of a phrase with a comma, write all of it in "…"',
  },
  {
    name: 'two phrases in such quotes that are one text',
    text: changed(WHEN, '{ keyword: “hello” “hi” }'),
    says: 'f:6:29  rules.hello.when.keyword: expected a phrase without quotes around it, found "“hello” “hi”" - write each phrase in "…", with commas between them',
  },
  {
    name: 'a keyword twice',
    text: changed(WHEN, '{ keyword: [Olá  Ana, ola ana] }'),
    says: 'f:6:40  rules.hello.when.keyword[1]: expected each keyword once (case, accents and spacing apart), found "ola ana", the same as "Olá  Ana" - the first is rules.hello.when.keyword[0]',
  },
  {
    name: 'a word both wanted and not',
    text: changed(WHEN, '{ keyword: hello, not: [bye, HELLO] }'),
    says: 'f:6:47  rules.hello.when.not[1]: expected something else than a keyword of the same rule, found "HELLO" - it is the same as rules.hello.when.keyword',
  },
  {
    name: 'a type with a slip',
    text: changed(WHEN, '{ type: [chat_ended, Converted] }'),
    says: 'f:6:39  rules.hello.when.type[1]: expected an event type such as button, button_reply, conversation, converted, engagement, keyword, link, list, list_reply, found "Converted" - did you mean "converted"?',
  },
  {
    name: 'the type that people call a conversion',
    text: changed(WHEN, '{ type: conversion }'),
    says: 'f:6:26  rules.hello.when.type: expected an event type such as button, button_reply, conversation, converted, engagement, keyword, link, list, list_reply, found "conversion" - did you mean "converted"?',
  },
  {
    name: 'a blank type',
    text: changed(WHEN, '{ type: " " }'),
    says: 'f:6:26  rules.hello.when.type: expected an event type, found " "',
  },
  {
    name: 'a campaign twice',
    text: changed(WHEN, '{ campaign: ["1", "1 "] }'),
    says: 'f:6:36  rules.hello.when.campaign[1]: expected each campaign once, found "1 ", the same as "1" - the first is rules.hello.when.campaign[0]',
  },
  {
    name: 'an app there is not',
    text: changed(WHEN, '{ app: "8" }'),
    says: 'f:6:25  rules.hello.when.app: expected an app (7), found "8" - did you mean "7"?',
  },
  {
    name: 'a day there is not',
    text: changed(WHEN, '{ type: x, since: 2026-02-30 }'),
    says: 'f:6:36  rules.hello.when.since: expected a date such as "2026-11-01", or a date and time with its offset such as "2026-11-01T09:00:00-03:00", found "2026-02-30"',
  },
  {
    name: 'a moment without its offset',
    text: changed(WHEN, '{ type: x, since: 2026-11-01T09:00:00 }'),
    says: 'f:6:36  rules.hello.when.since: expected a date such as "2026-11-01", or a date and time with its offset such as "2026-11-01T09:00:00-03:00", found "2026-11-01T09:00:00"',
  },
])('refuses $name and says where', ({ text, says }) => {
  expect(saidOf(text)).toEqual([says]);
});

it.for([
  '“a b”',
  '”a b”',
  '„a b“',
  '„a b”',
  '«a b»',
  '« a b »',
  '»a b«',
  '‘a b’',
  '‚a b‘',
  '‹a b›',
  '「a b」',
  '『a b』',
])('refuses the quotes of %s', (keyword) => {
  expect(saidOf(changed(WHEN, `{ keyword: ${keyword} }`))).toEqual([
    expect.stringMatching(/keyword: expected a phrase without quotes around it, .* - write "a b"$/),
  ]);
});

it('reports every mistake of a file at once, from top to bottom, whatever else is wrong around it', () => {
  expect(
    saidOf(`version: 2
timeZone: Mars/Base
apps:
  - { client: c/1, app: 7 }
receivers:
  ana/b: { email: [a@b], colour: red }
rules:
  hello:
    when: { keyword: [a, A], since: yesterday, type: [] }
    notify: [bob]
    delay: 5m
`).map((line) => line.replace(/: expected.*/, '')),
  ).toEqual([
    'f:1:10  version',
    'f:2:11  timeZone',
    'f:4:15  apps[0].client',
    'f:4:25  apps[0].app',
    'f:6:3  receivers["ana/b"]',
    'f:6:20  receivers["ana/b"].email[0]',
    'f:6:26  receivers["ana/b"].colour',
    'f:9:26  rules.hello.when.keyword[1]',
    'f:9:37  rules.hello.when.since',
    'f:9:54  rules.hello.when.type',
    'f:10:14  rules.hello.notify[0]',
    'f:11:5  rules.hello.delay',
  ]);
});

it('cuts long values short and spells out characters that would upset a terminal', () => {
  const [said] = saidOf(`timeZone: "\\e[31m\u202E${'x'.repeat(5_000)}"\n${VALID}`);
  expect(said).toContain(String.raw`found "\u001b[31m\u202exxx`);
  expect(said?.length).toBeLessThan(200);
});

it('gives a mistake in parts, for programs', () => {
  expect(parseAlerts(changed(NOTIFY, 'notify: [an]'), 'dir/alerts.yaml')).toEqual({
    kind: 'invalid',
    mistakes: [
      {
        file: 'dir/alerts.yaml',
        line: 6,
        column: 47,
        path: 'rules.hello.notify[0]',
        expected: 'a receiver (ana)',
        found: '"an"',
        hint: 'did you mean "ana"?',
      },
    ],
  });
});

it('freezes the config through and through', () => {
  const isFrozen = (value: unknown): boolean =>
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(isFrozen));
  expect(isFrozen(configOf(loadAlerts('alerts.yaml')))).toBe(true);
});

it.for([
  { name: 'another keyword', text: changed(WHEN, '{ keyword: hallo }') },
  { name: 'another address', text: changed('ana@', 'bo@') },
  { name: 'another name of a rule', text: changed('hello:', 'hi:') },
  { name: 'a zone of the API, even the default', text: `signals: { timeZone: UTC }\n${VALID}` },
])('gives another hash to $name', ({ text }) => {
  expect(configOf(parseAlerts(text, 'f')).hash).not.toBe(configOf(parseAlerts(VALID, 'f')).hash);
});

it('gives the same hash to a file that spells the defaults out', () => {
  const text = `lookback: { everyTick: 15 minutes }\nstack: { name: signals-alerts }\ntimeZone: UTC\n${VALID}`;
  expect(configOf(parseAlerts(text, 'f')).hash).toBe(configOf(parseAlerts(VALID, 'f')).hash);
});

it('takes the sample at the root, which names both zones', () => {
  const config = configOf(loadAlerts('alerts.yaml'));
  expect(config.apps.map(({ key, timeZoneIsSet }) => [key, timeZoneIsSet])).toEqual([
    ['c-123/72822', true],
    ['c-123/72823', true],
    ['c-456/93310', true],
  ]);
  expect(config.timeZone).toBe('America/Sao_Paulo');
});

it.for([
  { name: 'no file', bytes: undefined, found: 'no such file', expected: 'a file that can be read' },
  {
    name: 'a file of another encoding',
    bytes: Buffer.from(VALID, 'utf16le').fill(0xff, 0, 2),
    found: 'another encoding',
    expected: 'text in UTF-8',
  },
])('says that there is $name', ({ bytes, found, expected }) => {
  const dir = mkdtempSync(join(tmpdir(), 'alerts-'));
  try {
    const file = join(dir, 'alerts.yaml');
    if (bytes !== undefined) writeFileSync(file, bytes);
    expect(loadAlerts(file)).toEqual({
      kind: 'invalid',
      mistakes: [{ file, line: 1, column: 1, path: '', expected, found }],
    });
  } finally {
    rmSync(dir, { recursive: true });
  }
});

it('says that a folder is no file', () => {
  expect(loadAlerts('lib')).toMatchObject({
    kind: 'invalid',
    mistakes: [{ file: 'lib', found: 'a folder' }],
  });
});

it('keeps alerts.schema.json as the schema has it', () => {
  expect(readFileSync('alerts.schema.json', 'utf8').replaceAll('\r\n', '\n')).toBe(alertsJsonSchema());
  expect(() => execFileSync(process.execPath, ['lib/config/write-schema.ts', '--check'])).not.toThrow();
});

it.for([
  { name: 'accepts the sample', text: readFileSync('alerts.yaml', 'utf8'), accepted: true },
  { name: 'accepts a file without settings', text: VALID, accepted: true },
  { name: 'refuses an unknown key', text: changed(NOTIFY, `${NOTIFY}, delay: 5m`), accepted: false },
  { name: 'refuses an id without quotes', text: changed('"7"', '7'), accepted: false },
  { name: 'refuses a rule without receivers', text: changed(`, ${NOTIFY}`, ''), accepted: false },
  { name: 'refuses a duration without a unit', text: `lookback: { daily: "7" }\n${VALID}`, accepted: false },
  { name: 'refuses a name with a slash', text: VALID.replace('ana:', 'a/na:'), accepted: false },
])('the JSON Schema $name', ({ text, accepted }) => {
  const schema = z.fromJSONSchema(JSON.parse(alertsJsonSchema()));
  expect(schema.safeParse(parse(text)).success).toBe(accepted);
});

it('explains every key to editors', () => {
  type Node = { properties?: Record<string, Node>; description?: string; [key: string]: unknown };
  const unexplained = (node: Node, path: string): readonly string[] =>
    Object.entries(node).flatMap(([key, inner]) => {
      if (typeof inner !== 'object' || inner === null) return [];
      const isKey = path.endsWith('properties') && !('description' in inner);
      return [...(isKey ? [`${path}.${key}`] : []), ...unexplained(inner as Node, `${path}.${key}`)];
    });
  expect(unexplained(JSON.parse(alertsJsonSchema()), '')).toEqual([]);
});
