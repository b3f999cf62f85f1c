import { describe, expect, it } from 'vitest';
import {
  compileKeywords,
  type KeywordEntry,
  MEMO_TEXT_LENGTH_MAX,
  MEMO_TEXTS_MAX,
} from '../../lib/domain/keywords/matcher.ts';
import { normalise } from '../../lib/domain/keywords/normalise.ts';

type Row = Partial<KeywordEntry> & {
  readonly name: string;
  readonly keyword: string;
  readonly text: string;
  readonly found: boolean;
};

const entry = (keyword: string, rest: Partial<KeywordEntry> = {}): KeywordEntry => ({
  keyword,
  match: 'word',
  accents: 'ignore',
  ...rest,
});

const isFound = ({ keyword, match = 'word', accents = 'ignore', text }: Row): boolean =>
  compileKeywords([entry(keyword, { match, accents })])(text).length === 1;

const check = (row: Row): void => expect(isFound(row)).toBe(row.found);

describe('a word', () => {
  it.for<Row>([
    { name: 'is found alone', keyword: 'hi', text: 'hi', found: true },
    { name: 'is found among others', keyword: 'hi', text: 'oh hi there', found: true },
    { name: 'is found in capitals', keyword: 'hi', text: 'HI!', found: true },
    { name: 'is not found at the start of a longer word', keyword: 'hi', text: 'history', found: false },
    { name: 'is not found at the end of a longer word', keyword: 'host', text: 'a ghost', found: false },
    { name: 'is not found before a digit', keyword: 'order', text: 'order66', found: false },
    { name: 'is not found after a digit', keyword: 'order', text: '66order', found: false },
    { name: 'is not found before a mark', keyword: 'क', text: 'कि', found: false },
    { name: 'is found after it was inside a longer word', keyword: 'hi', text: 'history, hi', found: true },
    { name: 'is found between punctuation', keyword: 'hi', text: '(hi)', found: true },
    { name: 'is found between underscores', keyword: 'hi', text: '_hi_', found: true },
    { name: 'is found between quotes', keyword: 'hi', text: '“hi”', found: true },
    { name: 'is found beside an emoji', keyword: 'hi', text: 'hi😀', found: true },
    { name: 'is found after an emoji', keyword: 'hi', text: '😀hi', found: true },
    {
      name: 'is not found beside a letter outside the first plane',
      keyword: 'hi',
      text: 'hi𐐨',
      found: false,
    },
    { name: 'is not found after a letter outside the first plane', keyword: 'hi', text: '𐐨hi', found: false },
    { name: 'is found before a trade mark sign', keyword: 'acme', text: 'Acme™', found: true },
    { name: 'is found as a part of a hyphenated word', keyword: 'mail', text: 'e-mail', found: true },
  ])('$name', check);
});

describe('a substring', () => {
  it.for<Row>([
    {
      name: 'is found inside a longer word',
      keyword: 'hi',
      match: 'substring',
      text: 'history',
      found: true,
    },
    { name: 'is found across words', keyword: 'o h', match: 'substring', text: 'oh no history', found: true },
    {
      name: 'is not found when it does not occur',
      keyword: 'hi',
      match: 'substring',
      text: 'h i',
      found: false,
    },
  ])('$name', check);
});

describe('a phrase', () => {
  const phrase = "I'm ready to order!";
  const apostrophes = ["'", '’', '‘', 'ʼ', '`', '´', '′', '‛', '＇', 'ʻ', '‵', '\u1FFD'];
  it.for(apostrophes.map((apostrophe) => ({ apostrophe })))(
    'is found with the apostrophe $apostrophe',
    ({ apostrophe }) => {
      const other = phrase.replace("'", apostrophe);
      expect(compileKeywords([entry(phrase)])(`hello, ${other}`)).toEqual([0]);
      expect(compileKeywords([entry(other)])(`hello, ${phrase}`)).toEqual([0]);
    },
  );

  it.for<Row>([
    { name: 'is found before more punctuation', keyword: phrase, text: "i'm READY to order!!!", found: true },
    {
      name: 'is found right before a word when it ends in punctuation',
      keyword: phrase,
      text: "I'm ready to order!now",
      found: true,
    },
    {
      name: 'is not found right after a letter',
      keyword: phrase,
      text: "mI'm ready to order!",
      found: false,
    },
    {
      name: 'is not found without its punctuation',
      keyword: phrase,
      text: "I'm ready to order",
      found: false,
    },
    {
      name: 'is found with no-break spaces',
      keyword: phrase,
      text: "I'm\u00A0ready\u202Fto\u2007order!",
      found: true,
    },
    {
      name: 'is found across line breaks',
      keyword: phrase,
      text: "I'm\r\nready\u2028to\u0085order!",
      found: true,
    },
    {
      name: 'is found with tabs and runs of spaces',
      keyword: phrase,
      text: "I'm \t ready  to\t\torder!",
      found: true,
    },
    {
      name: 'is found when it was written with spaces around it',
      keyword: '  to  order ',
      text: 'to order',
      found: true,
    },
    { name: 'is not found when words stand between', keyword: 'to order', text: 'to re-order', found: false },
    { name: 'is found whichever quotes are used', keyword: '"yes"', text: 'she said „yes“', found: true },
    { name: 'is found in guillemets too', keyword: '"да"', text: '«Да»', found: true },
    { name: 'is found whichever dash is used', keyword: 'e-mail', text: 'E\u2011Mail', found: true },
    { name: 'is found with an em dash', keyword: 'yes - now', text: 'yes — now', found: true },
  ])('$name', check);
});

describe('a keyword with punctuation or symbols', () => {
  it.for<Row>([
    { name: 'C++ is found', keyword: 'C++', text: 'I write c++.', found: true },
    { name: 'C++ is found right before a letter', keyword: 'C++', text: 'C++ish', found: true },
    { name: 'C++ is not found right after a letter', keyword: 'C++', text: 'abc++', found: false },
    { name: 'C++ is found in full width', keyword: 'C++', text: 'Ｃ＋＋', found: true },
    { name: '#sale is found right after a word', keyword: '#sale', text: 'big#sale', found: true },
    { name: '#sale is not found in a longer tag', keyword: '#sale', text: '#sales', found: false },
    { name: '? is found', keyword: '?', text: 'what?', found: true },
    { name: 'an emoji is found inside a word', keyword: '🔥', text: 'so🔥hot', found: true },
    { name: 'a heart is found with a variation selector', keyword: '❤', text: '❤️', found: true },
    { name: 'a heart is found without one', keyword: '❤️', text: '❤', found: true },
    { name: 'a thumb is found in any skin tone', keyword: '👍', text: '👍🏽', found: true },
    { name: 'an emoji is not its neighbour', keyword: '🔥', text: '🔦', found: false },
    { name: 'the flag of England is not that of Scotland', keyword: '🏴󠁧󠁢󠁥󠁮󠁧󠁿', text: '🏴󠁧󠁢󠁳󠁣󠁴󠁿', found: false },
    { name: 'half an emoji is not found in a whole one', keyword: '\uD83D', text: '😀', found: false },
  ])('$name', check);
});

describe('invisible characters', () => {
  it.for([
    { name: 'zero-width space', unseen: '\u200B' },
    { name: 'zero-width non-joiner', unseen: '\u200C' },
    { name: 'zero-width joiner', unseen: '\u200D' },
    { name: 'left-to-right mark', unseen: '\u200E' },
    { name: 'soft hyphen', unseen: '\u00AD' },
    { name: 'word joiner', unseen: '\u2060' },
    { name: 'byte order mark', unseen: '\uFEFF' },
    { name: 'variation selector', unseen: '\uFE0F' },
    { name: 'variation selector outside the first plane', unseen: '\u{E0100}' },
  ])('do not hide a word: $name', ({ unseen }) => {
    expect(compileKeywords([entry('order')])(`or${unseen}der`)).toEqual([0]);
    expect(compileKeywords([entry(`${unseen}ord${unseen}er`)])('order')).toEqual([0]);
    expect(compileKeywords([entry('order')])(`re${unseen}order`)).toEqual([]);
  });
});

describe('languages', () => {
  it.for<Row>([
    { name: 'German: ß is ss', keyword: 'straße', text: 'STRASSE', found: true },
    { name: 'German: ss is ß', keyword: 'strasse', accents: 'exact', text: 'Straße', found: true },
    { name: 'German: ẞ is ß', keyword: 'große', accents: 'exact', text: 'GROẞE', found: true },
    { name: 'German: an umlaut is ignored', keyword: 'schon', text: 'schön', found: true },
    {
      name: 'German: an umlaut counts when accents do',
      keyword: 'schon',
      accents: 'exact',
      text: 'schön',
      found: false,
    },
    { name: 'Turkish: İ is i', keyword: 'istanbul', accents: 'exact', text: 'İSTANBUL', found: true },
    { name: 'Turkish: i is İ', keyword: 'İyi günler', accents: 'exact', text: 'iyi GÜNLER', found: true },
    { name: 'Turkish: I is ı', keyword: 'sıcak', accents: 'exact', text: 'SICAK', found: true },
    { name: 'Turkish: ı is I where accents are ignored', keyword: 'ISPARTA', text: 'ısparta', found: true },
    {
      name: 'Turkish: ş counts when accents do',
      keyword: 'siparis',
      accents: 'exact',
      text: 'sipariş',
      found: false,
    },
    {
      name: 'Greek: the final sigma is a sigma',
      keyword: 'ΚΟΣΜΟΣ',
      accents: 'exact',
      text: 'κοσμος',
      found: true,
    },
    {
      name: 'Greek: a sigma that is final in the keyword only',
      keyword: 'κός',
      match: 'substring',
      text: 'κόσμος',
      found: true,
    },
    { name: 'Greek: tonos is ignored', keyword: 'ναι θελω', text: 'Ναί, ναι θέλω', found: true },
    { name: 'Spanish: ñ is n where accents are ignored', keyword: 'manana', text: '¡Mañana!', found: true },
    {
      name: 'Spanish: ñ is not n where they count',
      keyword: 'manana',
      accents: 'exact',
      text: 'mañana',
      found: false,
    },
    {
      name: 'Spanish: an accent in the keyword is ignored',
      keyword: '¿cuánto cuesta?',
      text: '¿Cuanto cuesta?',
      found: true,
    },
    {
      name: 'Spanish: a decomposed accent is the composed one',
      keyword: 'cuánto',
      accents: 'exact',
      text: 'cua\u0301nto',
      found: true,
    },
    { name: 'Portuguese: a phrase', keyword: 'quero comprar', text: 'Olá, QUERO COMPRAR já', found: true },
    { name: 'Portuguese: ç and ã', keyword: 'promocao', text: 'PROMOÇÃO', found: true },
    { name: 'Russian: a word in capitals', keyword: 'привет', text: 'ПРИВЕТ!', found: true },
    { name: 'Russian: not within a longer word', keyword: 'кот', text: 'который', found: false },
    { name: 'Russian: ё is е where accents are ignored', keyword: 'еще', text: 'ещё', found: true },
    { name: 'Hindi: a word', keyword: 'नमस्ते', text: 'जी नमस्ते!', found: true },
    { name: 'Hindi: a vowel sign is not an accent', keyword: 'कम', text: 'काम', found: false },
    { name: 'Hindi: not a part of a longer word', keyword: 'नम', text: 'नमस्ते', found: false },
    { name: 'Arabic: a word', keyword: 'مرحبا', text: 'مرحبا، كيف الحال', found: true },
    { name: 'Arabic: presentation forms are letters', keyword: 'سلام', text: 'ﺳﻼﻡ', found: true },
    { name: 'Arabic: a vowel mark is not an accent', keyword: 'علم', text: 'عَلَم', found: false },
    { name: 'Hebrew: a word', keyword: 'שלום', text: 'שלום!', found: true },
    { name: 'Hebrew: geresh is an apostrophe', keyword: "צ'אט", text: 'צ׳אט', found: true },
    { name: 'Hebrew: a vowel point is not an accent', keyword: 'שלום', text: 'שָׁלוֹם', found: false },
    { name: 'Thai: a word within running text', keyword: 'สั่งซื้อ', text: 'ฉันต้องการสั่งซื้อสินค้า', found: true },
    { name: 'Lao: a word within running text', keyword: 'ຊື້', text: 'ຂ້ອຍຢາກຊື້ເຄື່ອງ', found: true },
    { name: 'Khmer: a word within running text', keyword: 'ទិញ', text: 'ខ្ញុំចង់ទិញទំនិញ', found: true },
    { name: 'Burmese: a word within running text', keyword: 'ဝယ်', text: 'ကျွန်တော်ဝယ်ချင်တယ်', found: true },
    { name: 'Chinese: a word within running text', keyword: '购买', text: '我想购买这个', found: true },
    { name: 'Chinese: outside the first plane', keyword: '𠮷野', text: '我在𠮷野家', found: true },
    { name: 'Chinese: a Latin word beside it', keyword: 'iphone', text: '我要买iPhone手机', found: true },
    {
      name: 'Chinese: a Latin word beside it is still whole',
      keyword: 'phone',
      text: '我要买iPhone手机',
      found: false,
    },
    { name: 'Chinese: each end for itself', keyword: '买iphone', text: '我要买iphones', found: false },
    {
      name: 'Japanese: kanji and hiragana',
      keyword: '注文したい',
      text: '今すぐ注文したいです',
      found: true,
    },
    {
      name: 'Japanese: katakana with a long vowel',
      keyword: 'コーヒー',
      text: 'アイスコーヒーください',
      found: true,
    },
    { name: 'Japanese: half-width katakana', keyword: 'コーヒー', text: 'ｺｰﾋｰ', found: true },
    { name: 'Japanese: a voiced kana is another letter', keyword: 'か', text: 'が', found: false },
    { name: 'Korean: a word', keyword: '주문', text: '주문 할게요', found: true },
    { name: 'Korean: not within a longer word', keyword: '주문', text: '재주문', found: false },
    { name: 'Korean: not before a particle', keyword: '주문', text: '주문을', found: false },
    {
      name: 'Korean: before a particle as a substring',
      keyword: '주문',
      match: 'substring',
      text: '주문을',
      found: true,
    },
    { name: 'Korean: decomposed', keyword: '주문', text: '주문'.normalize('NFD'), found: true },
    { name: 'Vietnamese: without its marks', keyword: 'dat hang', text: 'Tôi muốn dat hàng', found: true },
    { name: 'Vietnamese: đ is a letter of its own', keyword: 'dat', text: 'đặt', found: false },
    {
      name: 'Vietnamese: marks count when accents do',
      keyword: 'đặt hàng',
      accents: 'exact',
      text: 'đắt hàng',
      found: false,
    },
  ])('$name', check);
});

describe('many keywords', () => {
  const substring = (keyword: string) => entry(keyword, { match: 'substring' });

  it('are all found where they overlap', () => {
    const match = compileKeywords(['ushers', 'she', 'hers', 'he', 'his', 'ers'].map(substring));
    expect(match('ushers')).toEqual([0, 1, 2, 3, 5]);
  });

  it('are all found where one is nested in the other', () => {
    const match = compileKeywords(
      Array.from({ length: 300 }, (_, index) => substring('a'.repeat(index + 1))),
    );
    expect(match('a'.repeat(200))).toEqual(Array.from({ length: 200 }, (_, index) => index));
  });

  it('are named once and in ascending order', () => {
    expect(compileKeywords([entry('b'), entry('a')])('a b a b')).toEqual([0, 1]);
  });

  it('written alike are all named, each by its own way to match', () => {
    const match = compileKeywords([
      entry('Hi'),
      substring('hi'),
      entry('hi'),
      entry('HI', { accents: 'exact' }),
    ]);
    expect(match('hi')).toEqual([0, 1, 2, 3]);
    expect(match('this')).toEqual([1]);
  });

  it('may ignore accents or not in one set, and are still named in ascending order', () => {
    const match = compileKeywords([
      entry('té', { accents: 'exact' }),
      entry('te'),
      entry('cafe', { accents: 'exact' }),
    ]);
    expect(match('té')).toEqual([0, 1]);
    expect(match('te')).toEqual([1]);
  });

  it('are not found where there are none', () => {
    expect(compileKeywords([])('anything')).toEqual([]);
  });

  it('that normalise to nothing are never found', () => {
    expect(compileKeywords([entry(''), entry(' \u200B'), entry('\u0301'), entry('a')])('a \u0301')).toEqual([
      3,
    ]);
  });

  it('may be as long as they like', () => {
    const long = 'ab'.repeat(50_000);
    expect(compileKeywords([entry(long)])(`${long}!`)).toEqual([0]);
  });
});

describe('a text seen before', () => {
  it('is answered the same', () => {
    const match = compileKeywords([entry('hi')]);
    expect([match('hi'), match('no'), match('hi'), match('no')]).toEqual([[0], [], [0], []]);
  });

  it('is forgotten once more texts came than are remembered, and answered the same', () => {
    const match = compileKeywords([entry('7')]);
    const first = match('text 7');
    for (let index = 0; index < MEMO_TEXTS_MAX; index += 1) match(`other ${index}`);
    expect(match('a new 7')).toEqual([0]);
    expect(match('text 7')).toEqual(first);
    expect(match('text 7') === first).toBe(false);
  });

  it.for([
    { name: 'is remembered up to the limit of length', length: MEMO_TEXT_LENGTH_MAX, same: true },
    { name: 'is not remembered beyond it', length: MEMO_TEXT_LENGTH_MAX + 1, same: false },
  ])('$name', ({ length, same }) => {
    const match = compileKeywords([entry('hi')]);
    const text = 'hi'.padEnd(length, '.');
    const first = match(text);
    expect(match(text) === first).toBe(same);
  });
});

describe('normalise', () => {
  it.for([
    { name: 'keeps nothing of white space alone', text: ' \u00A0\t\n', normal: '' },
    { name: 'keeps nothing of invisible characters alone', text: '\u200B\uFE0F\u00AD', normal: '' },
    { name: 'keeps nothing of accents alone', text: '\u0301\u0308', normal: '' },
    { name: 'keeps punctuation', text: ' ?! ', normal: '?!' },
    { name: 'makes apostrophes one', text: 'a‘b’c´d`e', normal: "a'b'c'd'e" },
    { name: 'makes apostrophes of a plain text one', text: 'a`b', normal: "a'b" },
    { name: 'unfolds ligatures and full width', text: 'ﬁＡ', normal: 'fia' },
    { name: 'takes half a surrogate pair for an unknown character', text: 'a\uD83Db', normal: 'a\uFFFDb' },
  ])('$name', ({ text, normal }) => {
    expect(normalise(text, 'ignore')).toBe(normal);
  });

  it('keeps accents where they count', () => {
    expect(normalise('\u0301', 'exact')).not.toBe('');
    expect(normalise('É', 'exact')).toBe('é');
  });
});

describe('hostile texts', () => {
  // Sorting these marks without a limit takes minutes.
  it('made of half a million stacked marks are matched within the time-out', () => {
    const match = compileKeywords([entry('order', { accents: 'exact' }), entry('order')]);
    expect(match(`z${'\u0301\u0323\u0327\u0345'.repeat(125_000)} order`)).toEqual([0, 1]);
  });
});
