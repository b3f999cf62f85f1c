import { referenceOf } from '../identity.ts';
import type { AlertFacts } from '../ledger-row.ts';
import { byTime, type Count, listCut, sumByName } from './digest-groups.ts';
import { fieldsOf, safeFor } from './fields.ts';
import type { Message } from './message.ts';
import { alphabetOf, cutSms, SMS_UNITS, type SmsAlphabet, smsUnits, spellSms } from './sms-text.ts';
import type { View } from './view.ts';

const RULES_SHOWN_MAX = 8;
const APPS_SHOWN_MAX = 4;
const NAME_UNITS_MAX: Readonly<Record<SmsAlphabet, number>> = { gsm: 24, ucs2: 12 };

/** All alerts in one SMS of one part: how many, by which rules, in which apps. */
export function smsDigest(alerts: readonly AlertFacts[], view: View): Message {
  const names = alerts.map((facts) =>
    fieldsOf(
      facts,
      safeFor(facts, view, (text) => text),
      0,
    ),
  );
  const alphabet = alphabetOf(names.flatMap(({ app, rule }) => [app, rule]));
  const short = (name: string): string =>
    cutSms(spellSms(name, alphabet), alphabet, NAME_UNITS_MAX[alphabet]) || 'unnamed';
  const rules = sumByName(names.map(({ rule }) => ({ name: short(rule), count: 1 })));
  const apps = sumByName(names.map(({ app }) => ({ name: short(app), count: 1 })));
  const [earliest] = alerts.toSorted(byTime);
  const refs = earliest === undefined ? '' : `. First: Ref ${referenceOf(earliest.app, earliest.event)}`;
  const start = `${alerts.length} alerts`;
  for (const middle of middles(rules, apps)) {
    const body = `${start}${middle}${refs}`;
    if (smsUnits(body, alphabet) <= SMS_UNITS[alphabet]) return { channel: 'sms', body };
  }
  return { channel: 'sms', body: `${start}${refs}` };
}

/** From the fullest text to the shortest: apps are left out before rules, because rules say what to do. */
function* middles(rules: readonly Count[], apps: readonly Count[]): Generator<string> {
  const ruleTexts = rules.map(({ name, count }) => `${name} ${count}`);
  const appTexts = apps.map(({ name }) => name);
  for (let ruleCount = Math.min(rules.length, RULES_SHOWN_MAX); ruleCount >= 0; ruleCount -= 1) {
    for (let appCount = Math.min(apps.length, APPS_SHOWN_MAX); appCount >= 0; appCount -= 1) {
      yield `: ${listCut(ruleTexts, ruleCount, 'rule')} (${listCut(appTexts, appCount, 'app')})`;
    }
  }
}
