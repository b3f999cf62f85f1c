import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { publishInput } from '../../../lib/adapters/sns/publish-input.ts';
import { type Channel, hashEvent, referenceOf } from '../../../lib/domain/identity.ts';
import type { AlertFacts } from '../../../lib/domain/ledger-row.ts';
import { renderAlert, type View } from '../../../lib/domain/render/alert.ts';
import { renderDigest } from '../../../lib/domain/render/digest.ts';
import { renderFallback, renderPlainDigest } from '../../../lib/domain/render/fallback.ts';
import type { Message } from '../../../lib/domain/render/message.ts';
import { KEYWORD_ALERT, NOW_MS } from '../../fixtures/alert-facts.ts';
import { snsRefuses } from '../../fixtures/sns-rules.ts';
import { anyText } from './any-text.ts';
import { fuzz, type Judgement } from './fuzz.ts';

/** Ten times what the slowest text takes on a slow machine: only work that grows out of hand gets there. */
const RENDER_MS_MAX = 50;
/** A machine that does something else for a moment is no slow text. */
const SLOW_TRIES = 3;

const TEXT_FIELDS = [
  'text',
  'text',
  'appName',
  'rule',
  'type',
  'phone',
  'campaignId',
  'adId',
  'keyword',
] as const satisfies readonly (keyof AlertFacts)[];

const time = fc.oneof(
  fc.integer({ min: NOW_MS - 1e11, max: NOW_MS + 1e9 }),
  fc.constantFrom(undefined, Number.NaN, Number.POSITIVE_INFINITY, -1e15, 8.64e15),
);
const fields = fc.array(fc.tuple(fc.constantFrom(...TEXT_FIELDS), anyText), { minLength: 1, maxLength: 6 });
const types = fc.constantFrom('keyword', 'converted', 'conversation', 'button_reply', 'new_one', '__proto__');

/** One alert whose every field may hold any text. */
const facts: fc.Arbitrary<AlertFacts> = fc.tuple(fields, types, time, fc.nat()).map(
  ([texts, type, occurredAtMs, id]): AlertFacts => ({
    ...KEYWORD_ALERT,
    type,
    occurredAtMs,
    event: hashEvent({ id: `${id}`, canonical: '' }),
    ...Object.fromEntries(texts),
  }),
);
const channel = fc.constantFrom<Channel>('email', 'sms');
const view: fc.Arbitrary<View> = fc.record({
  timeZone: fc.constantFrom('UTC', 'America/Sao_Paulo', 'Asia/Kolkata', 'Nowhere/Land'),
  phones: fc.constantFrom('masked', 'full'),
});

/** What one rendering gave, and whether it took so long each time that the text must be the reason. */
function timed<T>(render: () => T): { readonly value: T; readonly mistakes: readonly string[] } {
  let fastestMs = Number.POSITIVE_INFINITY;
  let value: T;
  let tries = 0;
  do {
    const beganMs = performance.now();
    value = render();
    fastestMs = Math.min(fastestMs, performance.now() - beganMs);
    tries += 1;
  } while (fastestMs > RENDER_MS_MAX && tries < SLOW_TRIES);
  return { value, mistakes: fastestMs > RENDER_MS_MAX ? [`took ${Math.round(fastestMs)} ms`] : [] };
}

function refusals(message: Message): readonly string[] {
  return snsRefuses(publishInput('arn:aws:sns:eu-west-1:123456789012:t', message));
}

function judgeAlone([alert, to, seenBy]: readonly [AlertFacts, Channel, View]): Judgement {
  const end = `Ref ${referenceOf(alert.app, alert.event)}`;
  const { value: full, mistakes } = timed(() => renderAlert(alert, to, seenBy, NOW_MS));
  const messages = [full, renderFallback(alert, to)];
  const unnamed = messages.filter(({ body }) => !body.endsWith(end)).map(() => `does not end with ${end}`);
  return { judged: messages.length, mistakes: [...mistakes, ...messages.flatMap(refusals), ...unnamed] };
}

function judgeTogether([alerts, to, seenBy]: readonly [readonly AlertFacts[], Channel, View]): Judgement {
  const parts = alerts.length === 0 ? [] : renderDigest(alerts, to, seenBy, NOW_MS);
  const messages = [...parts.map(({ message }) => message), renderPlainDigest(alerts, to)];
  const covered = parts.flatMap(({ covers }) => covers);
  const lost = alerts.filter((alert) => !covered.includes(alert)).map(({ event }) => `lost ${event}`);
  const again = covered.length > alerts.length ? [`covers ${covered.length} of ${alerts.length}`] : [];
  return { judged: messages.length, mistakes: [...messages.flatMap(refusals), ...lost, ...again] };
}

export const RENDERS = [
  fuzz(
    'render',
    0.98,
    'any text in any field of an alert becomes a message that SNS takes, at once, with its reference',
    fc.tuple(facts, channel, view),
    judgeAlone,
  ),
  fuzz(
    'render',
    0.02,
    'any texts in many alerts become a digest that SNS takes, with every alert in it once',
    fc.tuple(fc.array(facts, { maxLength: 40 }), channel, view),
    judgeTogether,
  ),
];
