import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { AlertFacts } from '../ledger-row.ts';
import { toAscii } from './ascii.ts';
import { byTime, type Group, groupAlerts, listCut, sumByName } from './digest-groups.ts';
import type { DigestPart } from './digest-part.ts';
import { fieldsOf, gist, safeFor } from './fields.ts';
import { showPhone } from './phone.ts';
import { toSubject } from './subject.ts';
import type { View } from './view.ts';
import { shortTime, zoneOf } from './when.ts';

/** An e-mail longer than this is not read, and mail programs begin to cut it off. */
const PART_ALERTS_MAX = 100;
/** Leaves room for the lines around the alerts within 60 KB. */
const PART_ENTRIES_BYTES_MAX = 50_000;
const ENTRY_GAP_BYTES = 2;
const WORDS_GRAPHEMES_MAX = 100;
const RULES_SHOWN = 3;
const APPS_SHOWN = 3;
const ID_GRAPHEMES_MAX = 40;

type Entry = { readonly facts: AlertFacts; readonly text: string };
type Place = {
  readonly part: number;
  readonly parts: number;
  readonly first: number;
  readonly total: number;
};

/** A digest by e-mail: every alert with its app, words, rule and reference, in order of time. */
export function emailDigest(alerts: readonly AlertFacts[], view: View, nowMs: number): readonly DigestPart[] {
  const groups = groupAlerts(alerts);
  const parts = splitEntries(alerts.toSorted(byTime).map((facts) => entryOf(facts, view, nowMs)));
  const summary = summaryOf(groups, view);
  const ascii = summaryOf(groups, view, toAscii);
  let first = 1;
  return parts.map((entries, index) => {
    const place = { part: index + 1, parts: parts.length, first, total: alerts.length };
    first += entries.length;
    const message = {
      channel: 'email',
      subject: subjectOf(place, ascii),
      body: bodyOf(entries, place, summary, zoneOf(nowMs, view.timeZone)),
    } as const;
    return { message, covers: entries.map((entry) => entry.facts) };
  });
}

function entryOf(facts: AlertFacts, view: View, nowMs: number): Entry {
  const safe = safeFor(facts, view, (text) => text);
  const fields = fieldsOf(facts, safe, WORDS_GRAPHEMES_MAX);
  const time = shortTime(facts.occurredAtMs, nowMs, view.timeZone) ?? 'no time given';
  const ids = [
    ['rule', fields.rule],
    ['campaign', safe.inline(facts.campaignId ?? '', ID_GRAPHEMES_MAX)],
    ['ad', safe.inline(facts.adId ?? '', ID_GRAPHEMES_MAX)],
  ].flatMap(([label, id]) => (id === '' ? [] : [`${label} ${id}`]));
  const lead = showPhone(facts.phone, view.phones, 'long') ?? 'lead not given';
  const lines = [
    `${time}  ${fields.app}: ${gist(fields)}`,
    `   ${ids.join(' - ')}`,
    `   ${lead} - Ref ${fields.reference}`,
  ];
  return { facts, text: lines.join('\n') };
}

function splitEntries(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const parts: Entry[][] = [];
  let part: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = utf8ToBytes(entry.text).length + ENTRY_GAP_BYTES;
    if (part.length > 0 && (part.length === PART_ALERTS_MAX || bytes + size > PART_ENTRIES_BYTES_MAX)) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(entry);
    bytes += size;
  }
  return [...parts, part];
}

function subjectOf({ part, parts, total }: Place, { rules }: Summary): string {
  const which = parts === 1 ? '' : ` (part ${part} of ${parts})`;
  return toSubject(`${total} alerts${which}: ${rules}`);
}

function bodyOf(entries: readonly Entry[], place: Place, { rules, apps }: Summary, zone: string): string {
  const { part, parts, first, total } = place;
  const lines = [
    `${total} alerts for ${apps}.`,
    `${rules}.`,
    'Many alerts came at once, so they come together.',
    `Times: ${zone}`,
  ];
  if (parts > 1)
    lines.push(
      `This is part ${part} of ${parts}: alerts ${first} to ${first + entries.length - 1} of ${total}.`,
    );
  return [lines.join('\n'), ...entries.map(({ text }) => text)].join('\n\n');
}

type Summary = { readonly rules: string; readonly apps: string };

function summaryOf(groups: readonly Group[], view: View, spell = (text: string): string => text): Summary {
  const named = groups.map(({ count, sample }) => ({
    ...fieldsOf(sample, safeFor(sample, view, spell), 0),
    count,
  }));
  const rules = sumByName(named.map(({ rule, count }) => ({ name: rule, count })));
  const apps = sumByName(named.map(({ app, count }) => ({ name: app, count })));
  return {
    rules: listCut(
      rules.map(({ name, count }) => `${name} ${count}`),
      RULES_SHOWN,
      'rule',
    ),
    apps: listCut(
      apps.map(({ name }) => name),
      APPS_SHOWN,
      'app',
    ),
  };
}
