import { toAscii } from './ascii.ts';

/** SNS refuses a longer subject. */
const SUBJECT_MAX = 99;
const WORDS_MIN = 12;

/** A subject SNS always takes: printable ASCII, at most 99 characters, a letter or digit first. Never empty. */
export function toSubject(text: string): string {
  const ascii = toAscii(text);
  const begun = /^[A-Za-z0-9]/u.test(ascii) ? ascii : `Alert ${ascii}`.trimEnd();
  return begun.length <= SUBJECT_MAX ? begun : `${begun.slice(0, SUBJECT_MAX - 3).trimEnd()}...`;
}

/**
 * `<head>"<words>"<tail>` with the words cut to what the rest leaves them; the tail goes first where it would leave
 * next to nothing. The three are ASCII.
 */
export function quotingSubject(head: string, words: string, tail: string): string {
  const room = SUBJECT_MAX - head.length - 2;
  const kept = room - tail.length >= Math.min(words.length, WORDS_MIN) ? tail : '';
  const cut = cutAscii(words, room - kept.length);
  return toSubject(cut === '' ? head + kept : `${head}"${cut}"${kept}`);
}

function cutAscii(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  return lengthMax <= 3 ? '' : `${text.slice(0, lengthMax - 3).trimEnd()}...`;
}
