import { describe, expect, it } from 'vitest';
import { appKey, hashEvent } from '../../lib/domain/identity.ts';
import type { AlertFacts } from '../../lib/domain/ledger-row.ts';
import { renderAlert, type View } from '../../lib/domain/render/alert.ts';
import { defang } from '../../lib/domain/render/defang.ts';
import { renderDigest } from '../../lib/domain/render/digest.ts';
import { renderFallback } from '../../lib/domain/render/fallback.ts';
import { maskNumbers, phoneMasker, showPhone } from '../../lib/domain/render/phone.ts';
import { cleanInline, cutGraphemes } from '../../lib/domain/render/sanitise.ts';
import { toSubject } from '../../lib/domain/render/subject.ts';
import { delay, longTime, shortTime, span } from '../../lib/domain/render/when.ts';
import { KEYWORD_ALERT, NOW_MS } from '../fixtures/alert-facts.ts';

const view: View = { timeZone: 'America/Sao_Paulo', phones: 'masked' };

function email(changes: Partial<AlertFacts>): { readonly subject: string; readonly body: string } {
  const message = renderAlert({ ...KEYWORD_ALERT, ...changes }, 'email', view, NOW_MS);
  if (message.channel !== 'email') throw new Error('expected an e-mail');
  return message;
}

function sms(changes: Partial<AlertFacts>, phones: View['phones'] = 'masked'): string {
  return renderAlert({ ...KEYWORD_ALERT, ...changes }, 'sms', { ...view, phones }, NOW_MS).body;
}

describe('an alert by e-mail', () => {
  it('says what happened first, then the words, the particulars and the reference', () => {
    expect(email({})).toEqual({
      channel: 'email',
      subject: 'Spot Store: "I\'m ready to order!" - rule ready-to-order',
      body: [
        'A lead wrote to Spot Store at 15:03.',
        '',
        "The lead's words:",
        "> I'm ready to order!",
        '',
        'Keyword: "I\'m ready to order"',
        'Lead: +1 *** ** 23',
        'When: Sun 22 Nov 2026, 15:03:52 (GMT-3, America/Sao_Paulo)',
        'Seen: 12 s later',
        'Rule: ready-to-order',
        'App: Spot Store',
        'Campaign: 23851172049950328',
        '',
        'Ref 29-d9af79a0',
      ].join('\n'),
    });
  });

  it('names a conversion, and says when it is told late', () => {
    const facts = {
      type: 'converted',
      rule: 'conversion',
      text: 'product ordered',
      keyword: undefined,
      occurredAtMs: NOW_MS - 30 * 3_600_000,
      campaignId: undefined,
      adId: '6123',
    };
    expect(email(facts)).toEqual({
      channel: 'email',
      subject: 'Spot Store: conversion "product ordered"',
      body: [
        'Delayed: this happened 1 d 6 h ago.',
        'New conversion for Spot Store on 21 Nov at 09:04.',
        '',
        'Recorded as:',
        '> product ordered',
        '',
        'Lead: +1 *** ** 23',
        'When: Sat 21 Nov 2026, 09:04:05 (GMT-3, America/Sao_Paulo)',
        'Seen: 1 d 5 h later',
        'Rule: conversion',
        'App: Spot Store',
        'Ad: 6123',
        '',
        'Ref 29-d9af79a0',
      ].join('\n'),
    });
  });

  it.for([
    {
      name: 'Portuguese with emoji and the lead’s own number',
      changes: { text: 'Olá! 2 ações 🍕 — ligue (7700) 900-121\nObrigado', phone: '447700900121' },
      subject: 'Spot Store: "Ola! 2 acoes - ligue *** Obrigado" - rule ready-to-order',
      quote: '> Olá! 2 ações 🍕 — ligue ***\n> Obrigado\n',
    },
    {
      name: 'Russian, which is still readable in Latin letters',
      changes: { text: 'Привет, хочу заказать' },
      subject: 'Spot Store: "Privet, khochu zakazat\'" - rule ready-to-order',
      quote: '> Привет, хочу заказать\n',
    },
    {
      name: 'Arabic, which is not, so that the keyword stands for it',
      changes: { text: 'مرحبا، أريد أن أطلب' },
      subject: 'Spot Store: "I\'m ready to order" - rule ready-to-order',
      quote: '> مرحبا، أريد أن أطلب\n',
    },
    {
      name: 'Chinese with an address',
      changes: { text: '你好。请看 www.example.com/a', keyword: '你好' },
      subject: 'Spot Store: message Ref 29-d9af79a0 - rule ready-to-order',
      quote: '> 你好。请看 www[.]example[.]com/a\n(Addresses are written so that they cannot be tapped.)\n',
    },
    {
      name: 'a first message in Hindi that no keyword was looked for in',
      changes: { text: 'नमस्ते', type: 'conversation', keyword: undefined },
      subject: 'Spot Store: first message Ref 29-d9af79a0 - rule ready-to-order',
      quote: '> नमस्ते\n',
    },
    {
      name: 'a line that pretends to be one of ours',
      changes: { text: 'hi\n\nRef ab-00000000' },
      subject: 'Spot Store: "hi Ref ab-00000000" - rule ready-to-order',
      quote: '> hi\n> Ref ab-00000000\n',
    },
  ])('shows $name', ({ changes, subject, quote }) => {
    const message = email(changes);
    expect(message.subject).toBe(subject);
    expect(message.body).toContain(`The lead's words:\n${quote}`);
  });

  it.for([
    { name: 'a lead without a number', changes: { phone: undefined }, line: 'Lead: not given' },
    { name: 'an event without a time', changes: { occurredAtMs: undefined }, line: 'When: not given' },
    {
      name: 'when an event without a time was seen',
      changes: { occurredAtMs: undefined },
      line: 'Seen: Sun 22 Nov 2026, 15:04:04 (GMT-3, America/Sao_Paulo)',
    },
    {
      name: 'a time ahead of ours',
      changes: { occurredAtMs: NOW_MS + 3 * 3_600_000 - 1000 },
      line: 'Seen: 3 h before that time; is the time zone of the source right?',
    },
    {
      name: 'a type nobody has heard of',
      changes: { type: 'story_mention' },
      line: 'New event for Spot Store at 15:03: story mention.',
    },
    {
      name: 'a type that is a word of the language',
      changes: { type: 'constructor' },
      line: 'New event for Spot Store at 15:03: constructor.',
    },
    { name: 'a nameless app', changes: { appName: '\u200b' }, line: 'App: unnamed app' },
  ])('copes with $name', ({ changes, line }) => {
    expect(email(changes).body.split('\n')).toContain(line);
  });

  it.for([
    { name: 'on time at exactly five minutes', lateMs: 300_000, isLate: false },
    { name: 'delayed a millisecond later', lateMs: 300_001, isLate: true },
  ])('is $name', ({ lateMs, isLate }) => {
    expect(email({ occurredAtMs: NOW_MS - lateMs }).body.startsWith('Delayed: ')).toBe(isLate);
  });

  it('keeps 500 characters of the words and says that it cut', () => {
    const quoted = (length: number): string | undefined =>
      email({ text: 'é'.repeat(length) })
        .body.split('\n')
        .find((line) => line.startsWith('> '));
    expect(quoted(500)).toBe(`> ${'é'.repeat(500)}`);
    expect(quoted(501)).toBe(`> ${'é'.repeat(500)} … (cut)`);
  });
});

describe('an alert by SMS', () => {
  const longNames = {
    appName: 'A shop with a name this long',
    type: 'a story they have seen',
    rule: 'everyone who may want to order',
  };

  it.for([
    {
      name: 'English',
      changes: {},
      text: 'Spot Store: "I\'m ready to order!" +1***23 15:03 ready-to-order Ref 29-d9af79a0',
    },
    {
      name: 'a conversion',
      changes: { type: 'converted', text: 'product ordered' },
      text: 'Spot Store: conversion "product ordered" +1***23 15:03 ready-to-order Ref 29-d9af79a0',
    },
    {
      name: 'typographic signs, accents and emoji',
      changes: { text: '“Olá” – 2 ações… 🍕 é' },
      text: 'Spot Store: "\'Ola\' - 2 acoes... é" +1***23 15:03 ready-to-order Ref 29-d9af79a0',
    },
    {
      name: 'a backtick and an acute that stand for an apostrophe',
      changes: { text: 'I`m ready, it´s time' },
      text: 'Spot Store: "I\'m ready, it\'s time" +1***23 15:03 ready-to-order Ref 29-d9af79a0',
    },
    {
      name: 'nothing but emoji',
      changes: { text: '😀🇧🇷' },
      text: 'Spot Store: message +1***23 15:03 ready-to-order Ref 29-d9af79a0',
    },
    {
      name: 'Arabic, whose words are kept from reordering the digits by lines of their own',
      changes: { text: 'أريد أن أطلب', phone: '447700900167' },
      text: 'Spot Store:\n"أريد أن أطلب"\n+44***67 15:03 Ref 29-d9af79a0',
    },
    {
      name: 'Russian cut to one part',
      changes: { text: 'Привет, хочу заказать два стула' },
      text: 'Spot Store:\n"Привет, хочу заказать два…"\n+1***23 15:03 Ref 29-d9af79a0',
    },
    {
      name: 'an event of another day without number',
      changes: { phone: undefined, occurredAtMs: NOW_MS - 86_400_000 },
      text: 'Spot Store: "I\'m ready to order!" 21 Nov 15:04 ready-to-order Ref 29-d9af79a0',
    },
  ])('writes $name', ({ changes, text }) => {
    expect(sms(changes)).toBe(text);
  });

  it.for([
    {
      name: 'takes room from the words',
      changes: { ...longNames, text: 'w'.repeat(60) },
      text: `A shop with a name this long: a story they have seen "${'w'.repeat(47)}..." +1***23 15:03 everyone who may want... Ref 29-d9af79a0`,
    },
    {
      name: 'is left out before they keep less than forty characters',
      changes: { ...longNames, text: 'w'.repeat(60), occurredAtMs: NOW_MS - 400 * 86_400_000 },
      text: `A shop with a name this long: a story they have seen "${'w'.repeat(60)}" +1***23 18 Oct 2025 15:04 Ref 29-d9af79a0`,
    },
    {
      name: 'is cut to a few words',
      changes: { rule: 'everyone who may want to order' },
      text: 'Spot Store: "I\'m ready to order!" +1***23 15:03 everyone who may want... Ref 29-d9af79a0',
    },
    {
      name: 'is not said twice',
      changes: { type: 'converted', text: 'product ordered', rule: 'conversion' },
      text: 'Spot Store: conversion "product ordered" +1***23 15:03 Ref 29-d9af79a0',
    },
    {
      name: 'is left out where its script would make the digits beside it change places',
      changes: { rule: 'جاهز للطلب' },
      text: 'Spot Store: "I\'m ready to order!" +1***23 15:03 Ref 29-d9af79a0',
    },
    {
      name: 'fits beside a few words of another script',
      changes: { text: 'хочу!', rule: 'orders' },
      text: 'Spot Store:\n"хочу!"\n+1***23 15:03 orders Ref 29-d9af79a0',
    },
  ])('names the rule, which $name', ({ changes, text }) => {
    expect(sms(changes)).toBe(text);
  });

  it.for([
    { name: 'GSM-7', text: 'a'.repeat(4096), units: 160 },
    { name: 'GSM-7 with characters that count twice', text: '€'.repeat(4096), units: 111 },
    { name: 'UCS-2', text: 'я'.repeat(4096), units: 70 },
  ])('fills one part of $name, the reference whole', ({ text, units }) => {
    const body = sms({ text });
    expect(body).toHaveLength(units);
    expect(body).toMatch(/(\.\.\.|…)"\s\+1\*\*\*23 15:03 (ready-to-order )?Ref 29-d9af79a0$/);
  });

  it('leaves out number and time before the reference when names take all the room', () => {
    const changes = {
      appName: 'Магазин мебели и света',
      type: 'событие совсем новое',
      text: undefined,
      phone: '447700900143',
    };
    expect(sms({ ...changes, occurredAtMs: NOW_MS - 400 * 86_400_000 })).toBe(
      'Магазин мебел…:\nсобытие совсе…\n18 Oct 2025 15:04 Ref 29-d9af79a0',
    );
  });

  it('shows the number in full to a receiver that may see it', () => {
    expect(sms({}, 'full')).toBe(
      'Spot Store: "I\'m ready to order!" +12025550123 15:03 ready-to-order Ref 29-d9af79a0',
    );
  });
});

describe('a digest', () => {
  const many = (count: number): readonly AlertFacts[] =>
    Array.from({ length: count }, (_, index) => ({
      ...KEYWORD_ALERT,
      event: hashEvent({ id: `e${index}`, canonical: '' }),
      occurredAtMs: NOW_MS - index * 60_000,
      ...(index % 3 === 0 ? { type: 'converted', rule: 'conversion', text: 'product ordered' } : {}),
      ...(index % 2 === 0 ? {} : { app: appKey('c-123', '9'), appName: 'Casa Verde' }),
    }));

  it('says by e-mail why it came and names every alert in order of time', () => {
    const alerts = many(4).map((facts, index) => ({
      ...facts,
      campaignId: index === 1 ? 'c1' : undefined,
      adId: index < 2 ? '6123' : undefined,
    }));
    const [part, ...rest] = renderDigest(alerts, 'email', view, NOW_MS);
    expect(rest).toEqual([]);
    expect(part?.message).toEqual({
      channel: 'email',
      subject: '4 alerts: conversion 2, ready-to-order 2',
      body: [
        '4 alerts for Spot Store, Casa Verde.',
        'conversion 2, ready-to-order 2.',
        'Many alerts came at once, so they come together.',
        'Times: GMT-3, America/Sao_Paulo',
        '',
        '15:01  Casa Verde: conversion "product ordered"',
        '   rule conversion',
        '   +1 *** ** 23 - Ref 81-285e48b8',
        '',
        '15:02  Spot Store: "I\'m ready to order!"',
        '   rule ready-to-order',
        '   +1 *** ** 23 - Ref 29-39bf24d6',
        '',
        '15:03  Casa Verde: "I\'m ready to order!"',
        '   rule ready-to-order - campaign c1 - ad 6123',
        '   +1 *** ** 23 - Ref 81-efb2869d',
        '',
        '15:04  Spot Store: conversion "product ordered"',
        '   rule conversion - ad 6123',
        '   +1 *** ** 23 - Ref 29-3ce00188',
      ].join('\n'),
    });
  });

  it.for([
    { name: 'one e-mail for a hundred', count: 100, sizes: [100] },
    { name: 'two for a hundred and one', count: 101, sizes: [100, 1] },
    { name: 'three for 250', count: 250, sizes: [100, 100, 50] },
    { name: 'none for none', count: 0, sizes: [] },
  ])('is $name', ({ count, sizes }) => {
    expect(renderDigest(many(count), 'email', view, NOW_MS).map(({ covers }) => covers.length)).toEqual(
      sizes,
    );
  });

  it('is more e-mails when the texts are heavy, none above 60 KB', () => {
    const heavy = many(90).map((facts) => ({ ...facts, text: 'क\u0902\u0902\u0902'.repeat(200) }));
    const sizes = renderDigest(heavy, 'email', view, NOW_MS).map(({ message }) =>
      Buffer.byteLength(message.body),
    );
    expect(sizes).toHaveLength(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(60_000);
  });

  it('says which part it is, in subject and text', () => {
    const [, second] = renderDigest(many(250), 'email', view, NOW_MS);
    expect(second?.message).toMatchObject({
      subject: '250 alerts (part 2 of 3): ready-to-order 166, conversion 84',
      body: expect.stringContaining('\nThis is part 2 of 3: alerts 101 to 200 of 250.\n'),
    });
  });

  it('is the alert itself when there is one', () => {
    expect(renderDigest([KEYWORD_ALERT], 'sms', view, NOW_MS)).toEqual([
      { message: renderAlert(KEYWORD_ALERT, 'sms', view, NOW_MS), covers: [KEYWORD_ALERT] },
    ]);
  });

  it('is one SMS that counts and says where', () => {
    const parts = renderDigest(many(12), 'sms', view, NOW_MS);
    expect(parts.map(({ message }) => message.body)).toEqual([
      '12 alerts: ready-to-order 8, conversion 4 (Spot Store, Casa Verde). First: Ref 81-52306b41',
    ]);
    expect(parts[0]?.covers).toHaveLength(12);
  });

  it('says by SMS how many rules and apps found no room', () => {
    const alerts = many(24).map((facts, index) => ({ ...facts, rule: `a-rule-with-a-long-name-${index}` }));
    expect(renderDigest(alerts, 'sms', view, NOW_MS)[0]?.message.body).toMatch(
      /^24 alerts: (a-rule-with-a-long-na\.\.\. 24|.* and \d+ more rules) \(.*\)\. First: Ref [0-9a-f]{2}-[0-9a-f]{8}$/,
    );
  });
});

describe('the fallback', () => {
  const facts = { ...KEYWORD_ALERT, appName: 'Ação\u202e <Store>', rule: '🔥' };

  it.for([
    {
      channel: 'sms',
      message: { channel: 'sms', body: 'Alert: rule unnamed, app Acao Store. Ref 29-d9af79a0' },
    },
    {
      channel: 'email',
      message: {
        channel: 'email',
        subject: 'Alert: rule unnamed, app Acao Store',
        body: 'An alert could not be shown in full.\n\nRule: unnamed\nApp: Acao Store\n\nRef 29-d9af79a0',
      },
    },
  ] as const)('holds names and reference alone by $channel', ({ channel, message }) => {
    expect(renderFallback(facts, channel)).toEqual(message);
  });
});

it.for([
  { text: 'http://x.com/a', shown: 'hxxp[:]//x[.]com/a' },
  { text: 'HTTPS://Pay.Example.co.uk', shown: 'hxxpS[:]//Pay[.]Example[.]co[.]uk' },
  { text: 'go to x.com.', shown: 'go to x[.]com.' },
  { text: 'www.1und1.de', shown: 'www[.]1und1[.]de' },
  { text: 'mail a@b.com', shown: 'mail a[at]b[.]com' },
  { text: 'пример.рф', shown: 'пример[.]рф' },
  { text: 'evil．com', shown: 'evil[.]com' },
  { text: 'evil。com', shown: 'evil[.]com' },
  { text: 'mailto:bob', shown: 'mailto[:]bob' },
  { text: 'ftp://10.0.0.1', shown: 'ftp[:]//10[.]0[.]0[.]1' },
  { text: 'at 198.51.100.234', shown: 'at 198[.]51[.]100[.]234' },
  { text: '好。b 好', shown: '好。b 好' },
  { text: 'R$ 1.500,00 at 10.30 p.m. e.g. now... ok', shown: 'R$ 1.500,00 at 10.30 p.m. e.g. now... ok' },
  { text: '你好。我想订购', shown: '你好。我想订购' },
])('writes $text so that nothing can be tapped', ({ text, shown }) => {
  expect(defang(text)).toBe(shown);
});

it.for([
  {
    name: 'a US number',
    phone: '+1 (202) 555-0123',
    long: '+1 *** ** 23',
    short: '+1***23',
    full: '+1 202 555 0123',
  },
  {
    name: 'digits alone',
    phone: '447700900121',
    long: '+44 *** ** 21',
    short: '+44***21',
    full: '+44 7700 900121',
  },
  {
    name: 'a number of no country',
    phone: '9991234567',
    long: '*** ** 67',
    short: '***67',
    full: '9991234567',
  },
  { name: 'a few digits', phone: '12345', long: '***', short: '***', full: '12345' },
  {
    name: 'a handle',
    phone: 'US.13491208655302741918',
    long: 'US***',
    short: 'US***',
    full: 'US.13491208655302741918',
  },
  { name: 'a short handle', phone: 'anna', long: '***', short: '***', full: 'anna' },
  { name: 'nothing visible', phone: ' \u200b', long: undefined, short: undefined, full: undefined },
])('shows $name as far as the receiver may see it', ({ phone, long, short, full }) => {
  expect(showPhone(phone, 'masked', 'long')).toBe(long);
  expect(showPhone(phone, 'masked', 'short')).toBe(short);
  expect(showPhone(phone, 'full', 'long')).toBe(full);
});

it.for([
  { name: 'as given', text: 'call 447700900121 now', masked: 'call *** now' },
  { name: 'with separators', text: '+44 (7700) 900-121', masked: '***' },
  { name: 'without country and area', text: 'it is 770090 0121!', masked: 'it is ***!' },
  { name: 'in Arabic digits', text: '٧٧٠٠٩٠٠١٢١', masked: '***' },
  { name: 'unless it is another', text: '7700 900-120', masked: '7700 900-120' },
  { name: 'unless it is a price', text: 'R$ 1.500,00', masked: 'R$ 1.500,00' },
])('hides the lead’s own number in a text $name', ({ text, masked }) => {
  expect(phoneMasker('447700900121', 'masked')(text)).toBe(masked);
  expect(phoneMasker('447700900121', 'full')(text)).toBe(text);
});

it.for([
  { name: 'a number with plus', text: 'meu tel +447700900188', masked: 'meu tel ***' },
  { name: 'a short one with plus', text: '+44 77 00 90 01, ok?', masked: '***, ok?' },
  { name: 'ten digits', text: 'call 2025550123!', masked: 'call ***!' },
  { name: 'usual separators', text: '(07700) 900-121 / 07700.900188', masked: '***' },
  { name: 'a long area code', text: '0151234 56789, 0301234-56789', masked: '***, ***' },
  { name: 'digits of another script', text: 'واتساب ٠١٢٣٤٥٦٧٨٩', masked: 'واتساب ***' },
  { name: 'a wide plus and non-breaking signs', text: '＋55\u00a011\u20119876', masked: '***' },
  { name: 'a link to a chat', text: 'wa.me/447700900188', masked: 'wa.me/***' },
])('hides $name in the lead’s words', ({ text, masked }) => {
  expect(maskNumbers(text)).toBe(masked);
});

it.for([
  { name: 'an order number of nine digits', text: 'order #123456789' },
  { name: 'an order number before a quantity', text: 'order 123456789 22 pieces' },
  { name: 'seven digits after a plus', text: '+1234567' },
  { name: 'a date with time', text: 'on 22/11/2026 15:04' },
  { name: 'dates from and to', text: '22.11.2026 - 25.11.2026, 2026-11-22 10h' },
  { name: 'prices', text: 'R$ 1.500,00 or R$ 12.500,00' },
])('leaves $name readable', ({ text }) => {
  expect(maskNumbers(text)).toBe(text);
});

it('hides a number in the words by every channel, not in the ids of the campaign, and not from who may see it', () => {
  const alert = { ...KEYWORD_ALERT, text: 'meu tel +447700900188' };
  const shownTo = (phones: View['phones']): string =>
    JSON.stringify([
      renderAlert(alert, 'sms', { ...view, phones }, NOW_MS),
      renderAlert(alert, 'email', { ...view, phones }, NOW_MS),
      renderDigest([alert, alert], 'email', { ...view, phones }, NOW_MS).map(({ message }) => message),
    ]);
  expect(shownTo('masked').match(/447700900188|meu tel \*\*\*/g)).toEqual(Array(5).fill('meu tel ***'));
  expect(shownTo('masked')).toContain('Campaign: 23851172049950328');
  expect(shownTo('full').match(/447700900188/g)).toHaveLength(5);
});

it.for([
  { name: 'puts lines on one', text: 'a\r\nb\u2028c\u0000d\te', clean: 'a b c d e' },
  {
    name: 'drops direction and zero-width characters',
    text: '\u202ea\u200b\u2066b\u061c\ufeffc\u00add',
    clean: 'abcd',
  },
  {
    name: 'drops tags, private use and noncharacters',
    text: 'a\u{E0041}\ue000\ufffe\u{1FFFF}b',
    clean: 'ab',
  },
  { name: 'replaces half a character', text: 'a\ud83d', clean: 'a\ufffd' },
  { name: 'composes letters', text: 'e\u0301', clean: 'é' },
  { name: 'thins out stacked marks', text: `x${'\u0336'.repeat(50)}`, clean: `x${'\u0336'.repeat(4)}` },
])('$name', ({ text, clean }) => {
  expect(cleanInline(text)).toBe(clean);
});

it.for([
  { name: 'joined emoji', text: '👨\u200d👩\u200d👧 👍🏽\u200d💻', clean: '👨\u200d👩\u200d👧 👍🏽\u200d💻' },
  { name: 'an emoji joined after its variant was dropped', text: '❤\ufe0f\u200d🔥', clean: '❤\u200d🔥' },
  { name: 'the non-joiner of Persian', text: 'می\u200cخواهم', clean: 'می\u200cخواهم' },
])('keeps $name together', ({ text, clean }) => {
  expect(cleanInline(text)).toBe(clean);
});

it.for([
  { name: 'between Latin letters', text: 'ev\u200dil\u200c.com', clean: 'evil.com' },
  { name: 'between digits', text: '1\u200d2\u200c3', clean: '123' },
  { name: 'in a row', text: '👨\u200d\u200d👩 ی\u200c\u200cخ', clean: '👨👩 یخ' },
  { name: 'at the end of an emoji or a word', text: '👨\u200d ی\u200c', clean: '👨 ی' },
  { name: 'of the other kind', text: '👨\u200c👩 ی\u200dخ', clean: '👨👩 یخ' },
  { name: 'between stacked marks', text: `x${'\u0336\u200c'.repeat(9)}`, clean: `x${'\u0336'.repeat(4)}` },
])('drops joiners $name', ({ text, clean }) => {
  expect(cleanInline(text)).toBe(clean);
});

it('keeps joiners out of subjects and of SMS in GSM-7', () => {
  const facts = { text: '👨\u200d👩 ok', appName: 'A👨\u200d👩B', rule: 'می\u200cخواهم' };
  expect(`${email(facts).subject}${sms(facts)}`).not.toMatch(/[\u200c\u200d]/);
  expect(email(facts).body).toContain('> 👨\u200d👩 ok');
});

it('hides a handle and defangs an address that hold a joiner', () => {
  const hide = phoneMasker('علیرضا\u200cمن', 'masked');
  expect(hide('این علی\u200cرضامن است')).toBe('این *** است');
  expect(hide('ب\u200cعلیرضامن\u200cب')).toBe('ب***ب');
  expect(defang('x.ی\u200cخ')).toBe('x[.]ی\u200cخ');
});

it('cuts between what a reader counts as characters', () => {
  expect(cutGraphemes('👍🏽👍🏽👍🏽', 2)).toBe('👍🏽👍🏽…');
  expect(cutGraphemes('ab', 2)).toBe('ab');
  expect(cutGraphemes('abc', 2)).toBe('ab…');
  expect(cutGraphemes('ی\u200cخ', 1)).toBe('ی…');
});

it('cuts a character that is built of hundreds', () => {
  const giant = '\u1100'.repeat(300);
  expect(cutGraphemes(`ab${giant}c`, 10)).toBe('ab…');
});

it.for([
  { text: '🔥 Sale', subject: 'Sale' },
  { text: '- x', subject: 'Alert - x' },
  { text: '', subject: 'Alert' },
  { text: 'ação €5', subject: 'acao EUR5' },
  { text: 'a'.repeat(99), subject: 'a'.repeat(99) },
  { text: 'a'.repeat(100), subject: `${'a'.repeat(96)}...` },
  { text: 'a\r\nBcc: b', subject: 'a Bcc: b' },
  { text: 'a\u0007b', subject: 'ab' },
])('makes the subject $subject', ({ text, subject }) => {
  expect(toSubject(text)).toBe(subject);
});

describe('times', () => {
  it.for([
    { zone: 'UTC', text: 'Sun 22 Nov 2026, 18:04:05 (UTC)' },
    { zone: 'Asia/Kolkata', text: 'Sun 22 Nov 2026, 23:34:05 (GMT+5:30, Asia/Kolkata)' },
    { zone: 'Europe/London', text: 'Sun 22 Nov 2026, 18:04:05 (UTC, Europe/London)' },
    { zone: 'Nowhere/Land', text: 'Sun 22 Nov 2026, 18:04:05 (UTC)' },
  ])('are said in $zone', ({ zone, text }) => {
    expect(longTime(NOW_MS, zone)).toBe(text);
  });

  it.for([Number.NaN, Number.POSITIVE_INFINITY, 8.7e15, undefined])('are unknown for %s', (atMs) => {
    expect(longTime(atMs, 'UTC')).toBeUndefined();
    expect(shortTime(atMs, NOW_MS, 'UTC')).toBeUndefined();
  });

  it.for([
    { ms: 999, text: '0 s' },
    { ms: 59_999, text: '59 s' },
    { ms: 60_000, text: '1 min' },
    { ms: 3_600_000 + 300_000, text: '1 h 5 min' },
    { ms: 86_400_000 + 60_000, text: '1 d' },
  ])('last $text', ({ ms, text }) => {
    expect(span(ms)).toBe(text);
  });

  it('are late only when they are known', () => {
    expect(delay(undefined, NOW_MS)).toBeUndefined();
    expect(delay(NOW_MS - 360_000, NOW_MS)).toBe('6 min');
  });
});
