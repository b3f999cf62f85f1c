import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { expect, it } from 'vitest';
import { publishInput } from '../../lib/adapters/sns/publish-input.ts';
import { appKey, type Channel, hashEvent, referenceOf } from '../../lib/domain/identity.ts';
import type { AlertFacts } from '../../lib/domain/ledger-row.ts';
import { renderAlert, type View } from '../../lib/domain/render/alert.ts';
import { type DigestPart, renderDigest } from '../../lib/domain/render/digest.ts';
import type { Message } from '../../lib/domain/render/message.ts';
import { NOW_MS } from '../fixtures/alert-facts.ts';
import { snsRefuses } from '../fixtures/sns-rules.ts';

const FORBIDDEN =
  /(?!\n)\p{Cc}|[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\u{E0000}-\u{E007F}]/u;
const EMOJI_END = String.raw`[\p{Extended_Pictographic}\p{Emoji_Modifier}]`;
const ARABIC = String.raw`[\p{Script_Extensions=Arabic}&&\p{L}]`;
/** A joiner that holds no emoji together, and a non-joiner that parts no letters of Arabic script. */
const STRAY_JOINER = new RegExp(
  String.raw`\u200d(?<!${EMOJI_END}\u200d)|\u200d(?!\p{Extended_Pictographic})|\u200c(?<!${ARABIC}\p{M}*\u200c)|\u200c(?!${ARABIC})`,
  'v',
);
const CLICKABLE = /:\/\/|www\.[\p{L}\p{N}]|[\p{L}\p{N}.]@[\p{L}\p{N}]|[\p{L}\p{N}-]\.\p{L}{2}/u;

const snippet = fc.constantFrom(
  "I'm ready to order",
  'http://evil.example.com/pay?a=b',
  'https://пример.рф',
  'www.evil.com',
  'bob@evil.com',
  'evil．com',
  'evil\u200b.com',
  '。com',
  '\u202egnp.exe',
  '\r\nRef a3-00000000',
  '👨‍👩‍👧‍👦🇧🇷👍🏽❤️1️⃣',
  'مرحبا أريد',
  'می\u200cخواهم',
  'x.ی\u200cخ',
  '\u200c',
  '\u200d',
  '你好。我想订购',
  'नमस्ते',
  'Привет',
  'ação €^{}[~]\\|',
  '“smart” … – ½ ™',
  `Z${'\u0335'.repeat(30)}`,
  '\u1100'.repeat(300),
  '\ud800',
  '\u{E0041}',
  ' ',
  '.',
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.array(snippet, { maxLength: 12 }).map((parts) => parts.join('')),
  fc
    .tuple(snippet, fc.integer({ min: 1, max: 5000 }))
    .map(([part, count]) => part.repeat(count).slice(0, 20_000)),
);
const time = fc.oneof(
  fc.integer({ min: NOW_MS - 1e11, max: NOW_MS + 1e9 }),
  fc.constantFrom(undefined, Number.NaN, Number.POSITIVE_INFINITY, -1e15, 8.64e15),
);
// Names come from the user's own file and are not defanged: a shop may be called booking.com.
const nameUnit = fc.constantFrom(
  ...'aZ9ãé店яع🔥-_ "&',
  '\u202e',
  '\u200b',
  '\u200c',
  '\u200d',
  '\r\n',
  '\ud800',
  '\u{E0041}',
  '\u0335',
);
const name = fc.oneof(
  fc.constantFrom('Spot Store', 'Магазин'),
  fc.string({ unit: nameUnit, maxLength: 200 }),
);
const handle = fc.oneof(fc.constantFrom(undefined, '12025550123', '+44 7700 900-121', 'US.134abc'), text);
const facts: fc.Arbitrary<AlertFacts> = fc.record({
  app: fc.constantFrom(appKey('c-123', '72822'), appKey('c-123', '9')),
  appName: name,
  rule: name,
  event: fc.integer().map((id) => hashEvent({ id: `${id}`, canonical: '' })),
  type: fc.oneof(fc.constantFrom('keyword', 'converted', 'conversation', 'button_reply', '__proto__'), text),
  text: fc.option(text, { nil: undefined }),
  phone: handle,
  campaignId: fc.option(text, { nil: undefined }),
  adId: fc.option(text, { nil: undefined }),
  occurredAtMs: time,
  seenAtMs: fc.integer({ min: NOW_MS - 1e11, max: NOW_MS }),
  keyword: fc.option(name, { nil: undefined }),
});
const channel = fc.constantFrom<Channel>('email', 'sms');
const view: fc.Arbitrary<View> = fc.record({
  timeZone: fc.constantFrom('UTC', 'America/Sao_Paulo', 'Asia/Kolkata', 'Nowhere/Land'),
  phones: fc.constantFrom('masked', 'full'),
});

/** Signs no reader sees: joiners are none within an e-mail's text or an SMS of another script, where they belong. */
function unseenIn(message: Message): readonly string[] {
  const isGsm = message.channel === 'sms' && new SegmentedMessage(message.body).encodingName === 'GSM-7';
  const unjoined = isGsm ? [message.body] : message.channel === 'email' ? [message.subject] : [];
  return [
    ...textsOf(message).filter((shown) => FORBIDDEN.test(shown) || STRAY_JOINER.test(shown)),
    ...unjoined.filter((shown) => /[\u200c\u200d]/.test(shown)),
  ];
}

const textsOf = (message: Message): readonly string[] =>
  message.channel === 'email' ? [message.subject, message.body] : [message.body];

function refusals(message: Message): readonly string[] {
  const parts = message.channel === 'sms' ? new SegmentedMessage(message.body).segmentsCount : 1;
  return [
    ...snsRefuses(publishInput('arn:aws:sns:eu-west-1:123456789012:t', message)),
    ...(parts === 1 ? [] : ['parts']),
  ];
}

it('never holds a control, direction or stray zero-width character, nor anything that can be clicked', () => {
  fc.assert(
    fc.property(facts, channel, view, (alert, to, seenBy) => {
      const message = renderAlert(alert, to, seenBy, NOW_MS);
      expect(unseenIn(message)).toEqual([]);
      for (const shown of textsOf(message)) expect(shown).not.toMatch(CLICKABLE);
    }),
    { numRuns: 400 },
  );
});

it('never shows the number of a lead to a receiver who may not see it, in whatever field and form it comes', () => {
  const separator = fc.constantFrom('', ' ', '-', '.', ' (', ') ', '\u00a0', '\u200b', '/');
  const number = fc.constantFrom('12025550123', '447700900121', '447700900189', '447700900167');
  const spelled = fc
    .tuple(number, fc.array(separator, { minLength: 15, maxLength: 15 }), fc.nat(4))
    .map(([digits, gaps, from]) => ({
      phone: digits,
      written: [...digits.slice(from)].map((digit, index) => digit + (gaps[index] ?? '')).join(''),
      secret: digits.slice(-7),
    }));
  fc.assert(
    fc.property(
      facts,
      channel,
      spelled,
      fc.constantFrom('text', 'rule', 'appName', 'campaignId', 'type', 'keyword'),
      text,
      (alert, to, { phone, written, secret }, field, before) => {
        const told = { ...alert, phone, text: undefined, [field]: `${before.slice(0, 20)} tel ${written}` };
        const messages = [
          renderAlert(told, to, { timeZone: 'UTC', phones: 'masked' }, NOW_MS),
          ...renderDigest([told, alert], to, { timeZone: 'UTC', phones: 'masked' }, NOW_MS).map(
            (part) => part.message,
          ),
        ];
        for (const shown of messages.flatMap(textsOf)) {
          expect(shown.replace(/[^\p{L}\p{Nd}]/gu, '')).not.toContain(secret);
        }
      },
    ),
    { numRuns: 250 },
  );
});

it('never shows a number of anybody within the words to a receiver who may not see the lead’s', () => {
  const gap = fc.constantFrom('', ' ', '-', '.', ') ', '\u00a0', '\u200b', '\u2011');
  const numbers = fc
    .tuple(fc.constantFrom('+447700900188', '+12025550123', '+44770090018'), gap, gap)
    .map(([digits, left, right]) => ({
      secret: digits.slice(-8),
      written: `${digits.slice(0, 3)}${left}${digits.slice(3, 6)}${right}${digits.slice(6)}`,
    }));
  const seenBy = { timeZone: 'UTC', phones: 'masked' } as const;
  fc.assert(
    fc.property(facts, channel, numbers, text, (alert, to, { secret, written }, before) => {
      const told = { ...alert, text: `${before.slice(0, 20)} tel ${written}` };
      const parts = renderDigest([told, alert], to, seenBy, NOW_MS);
      const messages = [renderAlert(told, to, seenBy, NOW_MS), ...parts.map(({ message }) => message)];
      for (const shown of messages.flatMap(textsOf)) {
        expect(shown.replace(/[^\p{L}\p{Nd}]/gu, '')).not.toContain(secret);
      }
    }),
    { numRuns: 150 },
  );
});

function mistakesOfPart({ message, covers }: DigestPart): readonly string[] {
  const unsafe = [...unseenIn(message), ...textsOf(message).filter((shown) => CLICKABLE.test(shown))];
  const isUnnamed = ({ app, event }: AlertFacts): boolean =>
    !message.body.includes(`Ref ${referenceOf(app, event)}`);
  const unnamed =
    message.channel === 'email' ? covers.filter(isUnnamed).map(({ event }) => `${event} is not named`) : [];
  const size = message.channel === 'email' ? Buffer.byteLength(message.body) : 0;
  const isBulky =
    covers.length === 0 || (message.channel === 'email' && covers.length > 100) || size > 60_000;
  return [
    ...refusals(message),
    ...unsafe,
    ...unnamed,
    ...(isBulky ? [`${covers.length} alerts, ${size} bytes`] : []),
  ];
}

it('covers every alert of a digest by exactly one part, which names it by e-mail', () => {
  fc.assert(
    fc.property(
      fc.array(facts, { maxLength: 12 }),
      fc.integer({ min: 1, max: 15 }),
      channel,
      view,
      (few, times, to, seenBy) => {
        const alerts = Array.from({ length: times }, (_, round) =>
          few.map((alert, index) => ({
            ...alert,
            event: hashEvent({ id: `${round}.${index}`, canonical: '' }),
          })),
        ).flat();
        const parts = renderDigest(alerts, to, seenBy, NOW_MS);
        const covered = parts.flatMap(({ covers }) => covers);
        expect(covered).toHaveLength(alerts.length);
        expect(new Set(covered)).toEqual(new Set(alerts));
        expect(parts.flatMap(mistakesOfPart)).toEqual([]);
        expect(to === 'email' || parts.length <= 1).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});
