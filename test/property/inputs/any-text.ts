import fc from 'fast-check';

/** Each stands for one way in which a text has surprised somebody. */
const FRAGMENTS = [
  "I'm ready to order",
  'http://evil.example.com/pay?a=b',
  'https://пример.рф',
  'www.evil.com',
  'bob@evil.com',
  'evil．com',
  'evil\u200b.com',
  '。com',
  '\u202egnp.exe\u202c',
  '\u2066hidden\u2069',
  '\r\nRef a3-00000000',
  '\u0000\u0007\u001b[31m\u0085\u2028\u2029',
  '👨‍👩‍👧‍👦🇧🇷👍🏽❤️1️⃣',
  '\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}',
  'مرحبا أريد',
  'می\u200cخواهم',
  'x.ی\u200cخ',
  '\u200c',
  '\u200d',
  '你好。我想订购',
  'नमस्ते',
  'สวัสดี',
  'Привет',
  'ação €^{}[~]\\|',
  'ΔΦΓΛΩΠΨΣΘΞ',
  '“smart” … – ½ ™ `',
  `Z${'\u0335'.repeat(30)}`,
  '\u1100'.repeat(300),
  '\ud800',
  '\udfff',
  '\ufffe\uffff\u{1fffe}',
  '\ue000\u{f0000}',
  '\u{E0041}',
  '\ufeff',
  'ŉẚßẞİıς',
  '+12025550123',
  '(202) 555-0123',
  '22/11/2026',
  '<!channel> &amp; <b>',
  '%s %n {{x}}',
  '"\'',
  ' ',
  '.',
  '...',
];

/** GSM-7 holds 160 septets and UCS-2 70 units; a subject 99 characters: texts around those lengths. */
const EDGES = [29, 30, 31, 39, 40, 41, 69, 70, 71, 98, 99, 100, 159, 160, 161, 499, 500, 501];
const EDGE_UNITS = ['a', 'é', '€', 'я', '你', '👋', '[', ' ', '"'];

const fragment = fc.constantFrom(...FRAGMENTS);
const edge = fc
  .tuple(fc.constantFrom(...EDGE_UNITS), fc.constantFrom(...EDGES))
  .map(([unit, length]) => unit.repeat(length));
const codeUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units));
const long = fc
  .tuple(fragment, fc.integer({ min: 1, max: 5_000 }))
  .map(([part, times]) => part.repeat(times).slice(0, 20_000));

/** Any text: code points and lone halves of them, what joins and what hides, empty and very long ones. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 3, arbitrary: codeUnits },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 6, arbitrary: fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join('')) },
  { weight: 4, arbitrary: edge },
  { weight: 1, arbitrary: long },
  { weight: 1, arbitrary: fc.constant('') },
);
