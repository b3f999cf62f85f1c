import * as z from 'zod';
import { SMS_PER_HOUR } from '../domain/policy.ts';
import {
  baseUrl,
  duration,
  emailAddress,
  line,
  orInQuotes,
  pattern,
  phoneNumber,
  secretName,
  since,
  timeZone,
} from './fields.ts';

/** Names of receivers and rules: they become parts of keys and of topic names, so a slash must not be in them. */
export const NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/;

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A map with these keys and no others. Of an unknown key the message is the list of those there are. */
function section<Shape extends z.ZodRawShape>(expected: string, shape: Shape) {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? keys : expected) });
}

/** A list that is not empty. */
function list<Item extends z.ZodType>(item: Item, expected: string) {
  return z.array(item, { error: expected }).min(1, { error: expected });
}

/** One item or a list of them; read as a list. */
function oneOrMore<Item extends z.ZodType<string, string>>(item: Item, expected: string) {
  return z
    .union([item, list(item, expected)], { error: orInQuotes(expected) })
    .transform((value): readonly string[] => (typeof value === 'string' ? [value] : value));
}

/** A map by name; the names themselves are checked apart, because a wrong one would hide what stands behind it. */
function named<Value extends z.ZodType>(value: Value, expected: string) {
  const name = z.string().meta({ pattern: NAME.source });
  return z
    .record(name, value, { error: expected })
    .refine((entries) => Object.keys(entries).length > 0, { error: expected })
    .meta({ minProperties: 1 });
}

/** A list of addresses, or a map that has settings beside them. */
function channel<Address extends z.ZodType<string, string>, Settings extends z.ZodRawShape>(
  address: Address,
  what: string,
  settings: Settings,
) {
  const expected = `a list of ${what}`;
  const to = list(address, expected).describe(`A list of ${what}.`);
  const withSettings = section(`${expected}, or a map with to`, { to, ...settings });
  // A list alone stands for a map with every setting at its default.
  return z.union([to.transform((addresses) => withSettings.parse({ to: addresses })), withSettings], {
    error: `${expected}, or a map with to`,
  });
}

/** A number within bounds. */
function numberFrom(least: number, most: number, what: string) {
  const expected = `${what} from ${least} to ${most}`;
  return z.number({ error: expected }).min(least, { error: expected }).max(most, { error: expected });
}

const stack = section('a map with name and region', {
  name: pattern(
    'a name of letters, digits and hyphens that starts with a letter, at most 40',
    /^[A-Za-z][A-Za-z0-9-]{0,39}$/,
  )
    .default('signals-alerts')
    .describe('Name of the stack in CloudFormation. Two stacks in one account need two names.'),
  region: pattern('an AWS region such as "eu-west-1"', /^[a-z]{2,5}(-[a-z]+){1,3}-[0-9]{1,2}$/)
    .optional()
    .describe('AWS region to deploy to, such as eu-west-1. Without it: the region of your AWS profile.'),
});

const signals = section('a map with baseUrl, timeZone or credentials', {
  baseUrl: baseUrl()
    .default('https://api.signals.360dialog.io')
    .describe(
      'Address of the Signals API. https only; http is accepted for this machine, such as localhost.',
    ),
  timeZone: timeZone()
    .optional()
    .describe(
      'Time zone of the dates the API gives without an offset. Without it they are read as UTC and may be hours off.',
    ),
  credentials: secretName()
    .default('signals-alerts/credentials')
    .describe(
      'Name of the secret in AWS Secrets Manager that holds the API credentials. Never the credentials.',
    ),
});

const lookback = section('a map with everyTick, hourly or daily', {
  everyTick: duration(MINUTE_MS, 26 * HOUR_MS)
    .prefault('15m')
    .describe('How far back every tick (each minute) reads again, for events the API shows late. 1m to 26h.'),
  hourly: duration(MINUTE_MS, 28 * DAY_MS)
    .prefault('24h')
    .describe('How far back is read again once an hour. At least everyTick.'),
  daily: duration(MINUTE_MS, 28 * DAY_MS)
    .prefault('7d')
    .describe('How far back is read again once a day. At least hourly, at most 28d.'),
});

const app = section('an app: a map with client and app', {
  client: pattern('a client id of letters, digits, _ and -, at most 64', ID).describe(
    'Id of the client, as in the Signals API.',
  ),
  app: pattern('an app id of letters, digits, _ and -, at most 64', ID).describe(
    'Id of the app, as in the Signals API. In quotes, because it is a name and no number.',
  ),
  name: line('a name for people', 80).optional().describe('What messages call the app. Without it: its id.'),
  timeZone: timeZone()
    .optional()
    .describe('Time zone of this app’s dates, if it differs from signals.timeZone.'),
});

const receiver = section('a receiver: a map with email or sms', {
  timeZone: timeZone()
    .optional()
    .describe('Time zone of the times in messages. Without it: the one at the top.'),
  phones: z
    .enum(['masked', 'full'], { error: '"masked" or "full"' })
    .default('masked')
    .describe('Whether messages show a lead’s phone number in part (masked) or as a whole (full).'),
  email: channel(emailAddress(), 'e-mail addresses', {})
    .optional()
    .describe('E-mail addresses that get the alerts.'),
  sms: channel(phoneNumber().meta({ pattern: '^\\+[0-9][0-9 ().-]{5,30}$' }), 'phone numbers', {
    maxPerHour: numberFrom(2, 3600, 'a whole number')
      .int({ error: 'a whole number from 2 to 3600' })
      .default(SMS_PER_HOUR)
      .describe('Messages in one hour; what is more waits for the next hour and comes together.'),
    monthlyBudgetUsd: numberFrom(0.1, 100_000, 'an amount in US dollars')
      .optional()
      .describe(
        'What the SMS of one month may cost, by cautious estimates per country. After that the e-mail alone tells.',
      ),
  })
    .optional()
    .describe('Phone numbers that get the alerts, in quotes and with country code: "+12025550123".'),
});

const phrase = z.string({ error: orInQuotes('a word or phrase') });
const phrases = 'a word or phrase, or a list of them';

const when = section('a map with type, keyword, app, campaign or ad', {
  type: oneOrMore(line('an event type', 200), 'an event type such as "converted", or a list of them')
    .optional()
    .describe(
      'Types of events: button, button_reply, conversation, converted, engagement, keyword, link, list, list_reply.',
    ),
  keyword: oneOrMore(phrase, phrases)
    .optional()
    .describe(
      'Words or phrases the lead wrote or chose. Capital letters, accents and spacing do not matter.',
    ),
  not: oneOrMore(phrase, phrases).optional().describe('Words or phrases that must not be in it.'),
  app: oneOrMore(pattern('an app id', ID), 'an app id, or a list of them')
    .optional()
    .describe('Only these apps (the app of an entry under apps). Without it: all of them.'),
  campaign: oneOrMore(line('a campaign id', 200), 'a campaign id, or a list of them')
    .optional()
    .describe('Only leads of these campaigns.'),
  ad: oneOrMore(line('an ad id', 200), 'an ad id, or a list of them')
    .optional()
    .describe('Only leads of these ads.'),
  match: z
    .enum(['word', 'substring'], { error: '"word" or "substring"' })
    .default('word')
    .describe('word: "order" is not found in "reorder". substring: it is.'),
  accents: z
    .enum(['ignore', 'exact'], { error: '"ignore" or "exact"' })
    .default('ignore')
    .describe('ignore: "cafe" finds "café". exact: it does not.'),
  since: since()
    .optional()
    .describe(
      'Also alert about the past, from this date or date and time on: 2026-11-01. At most 28 days back.',
    ),
});

const cooldownFor = duration(MINUTE_MS, 28 * DAY_MS);
const PER = ['lead', 'campaign', 'ad', 'app'] as const;
const cooldownSettings = section('a duration such as "30m", or a map with for and per', {
  for: cooldownFor.describe('How long, by the time of the events. 1m to 28d.'),
  per: z
    .enum(PER, { error: '"lead", "campaign", "ad" or "app"' })
    .default('lead')
    .describe('What must be the same. Alerts of other leads (campaigns, ads, apps) are told.'),
});

/** A duration alone is one per lead. */
const cooldown = z.union(
  [cooldownFor.transform((forMs) => ({ for: forMs, per: 'lead' as const })), cooldownSettings],
  { error: 'a duration such as "30m", or a map with for and per' },
);

const rule = section('a rule: a map with when and notify', {
  when: when.describe('What an event must be. All that is said must hold; of a list, one is enough.'),
  notify: list(pattern('a receiver', NAME), 'a list of receivers').describe(
    'Names of the receivers who hear of it.',
  ),
  cooldown: cooldown
    .optional()
    .describe('After an alert, how long others of the same lead (campaign, ad, app) are kept quiet.'),
});

/** The whole of alerts.yaml: every key, its default, what it takes. What concerns several keys is checked apart. */
export const alertsFile = section('a map with apps, receivers and rules', {
  version: z.literal(1, { error: '1' }).default(1).describe('Version of this format.'),
  stack: stack.prefault({}).describe('The stack in AWS.'),
  timeZone: timeZone()
    .prefault('UTC')
    .describe('Time zone of people: of times in messages and of dates in this file.'),
  signals: signals.prefault({}).describe('How the Signals API is reached.'),
  lookback: lookback.prefault({}).describe('How far back is read again, for events the API shows late.'),
  apps: list(app.describe('An app to watch.'), 'a list of apps').describe('The apps to watch.'),
  receivers: named(
    receiver.describe('A person or team, and how they are reached.'),
    'at least one receiver, by name',
  ).describe('Who can be told, by name.'),
  rules: named(rule.describe('When to tell whom.'), 'at least one rule, by name').describe(
    'When to tell whom, by name.',
  ),
});

/** alerts.yaml with its defaults and every single value checked. */
export type AlertsFile = z.output<typeof alertsFile>;
