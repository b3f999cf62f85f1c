import type { AppKey } from './identity.ts';
import type { SmsLimits } from './sms-budget.ts';

/** alerts.yaml after every check: what the rest of the program may rely on. Written by lib/config only. */
export type AlertConfig = {
  readonly version: 1;
  readonly stack: { readonly name: string; readonly region: string | undefined };
  /** Zone of people, IANA name. */
  readonly timeZone: string;
  readonly signals: {
    /** Without a trailing slash. https, or http on a loopback address. */
    readonly baseUrl: string;
    /** A Secrets Manager name. */
    readonly credentials: string;
  };
  readonly lookback: Lookback;
  readonly apps: readonly App[];
  readonly receivers: readonly Receiver[];
  readonly rules: readonly Rule[];
  /** Hash over the whole: written into every row, so that a receipt can say under which file it was decided. */
  readonly hash: string;
};

/** How far behind its mark each tier re-reads. */
export type Lookback = {
  readonly everyTickMs: number;
  readonly hourlyMs: number;
  readonly dailyMs: number;
};

export type App = {
  readonly key: AppKey;
  readonly client: string;
  readonly app: string;
  readonly name: string;
  /** Zone of the API's zone-less dates for this app. */
  readonly timeZone: string;
  /** False when neither the app nor `signals` names a zone: then dates may be off by up to 26 hours. */
  readonly timeZoneIsSet: boolean;
};

export type Receiver = {
  readonly name: string;
  readonly timeZone: string;
  /** Whether messages to this receiver show the lead's number in full. */
  readonly phones: 'masked' | 'full';
  /** Addresses; undefined when the receiver has no such channel. */
  readonly email: { readonly to: readonly string[] } | undefined;
  /** Numbers in E.164. */
  readonly sms: { readonly to: readonly string[]; readonly limits: SmsLimits } | undefined;
};

export type Rule = {
  readonly name: string;
  readonly when: EventCondition;
  /** Names of receivers. */
  readonly notify: readonly string[];
  /** Undefined: every alert is told. */
  readonly cooldown: Cooldown | undefined;
};

/** Within `forMs` of event time one alert of a rule is told about the same lead, campaign, ad or app. */
export type Cooldown = {
  readonly forMs: number;
  readonly per: 'lead' | 'campaign' | 'ad' | 'app';
};

/** Empty lists do not narrow. */
export type EventCondition = {
  readonly types: readonly string[];
  readonly keywords: readonly string[];
  readonly not: readonly string[];
  /** App ids (the `app` of an entry under `apps`). */
  readonly apps: readonly string[];
  readonly campaigns: readonly string[];
  readonly ads: readonly string[];
  readonly match: 'word' | 'substring';
  readonly accents: 'ignore' | 'exact';
  /** Where a backfill of this rule starts; undefined: the rule looks forward only. */
  readonly sinceMs: number | undefined;
};
