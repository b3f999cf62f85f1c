import { contentOf, type FirstMatch } from './first-match.ts';
import { createMessageId, type Lead, type LeadMessage } from './leads.ts';
import type { Random } from './random.ts';
import { BUTTONS, CHATTER, KEYWORD_TEXTS, LIST_OPTIONS } from './texts.ts';
import { type DateSpelling, wholeSecondMs } from './wire-date.ts';
import type { EventType } from './wire-event.ts';

const LATE_MS_MAX = 600_000;
const KEYWORD_PROBABILITY = 0.12;
const LATE_PROBABILITY = 0.06;
const RARE_SPELLINGS = ['microseconds', 'utc', 'offset'] as const;

/** What decides a lead's next message besides chance: how many it sent, and whether it may say a keyword yet. */
export type MessageContext = {
  readonly atMs: number;
  readonly sentCount: number;
  readonly mayMatch: boolean;
};

/** Makes up a lead's next message; now and then it is dated up to ten minutes before it appears. */
export function composeMessage(random: Random, lead: Lead, context: MessageContext): LeadMessage {
  const lateMs = random.chance(LATE_PROBABILITY) ? random.below(LATE_MS_MAX) : 0;
  return {
    id: createMessageId(random),
    ...composeContent(random, lead, context),
    atMs: context.atMs - lateMs,
    spelling: chooseSpelling(random),
  };
}

/** What is wanted first, dated so that it cannot fall before `atMs` when cut to its second. */
export function composeFirstMatch(random: Random, wanted: FirstMatch, atMs: number): LeadMessage {
  const id = createMessageId(random);
  return { id, ...contentOf(wanted), atMs: wholeSecondMs(atMs), spelling: 'sample' };
}

/** The lead's first message is its conversation, the second its engagement; any text may be a keyword as well. */
function composeContent(
  random: Random,
  lead: Lead,
  context: MessageContext,
): Pick<LeadMessage, 'types' | 'text'> {
  const { language } = lead;
  const first = firstTypes(context.sentCount);
  if (context.mayMatch && random.chance(KEYWORD_PROBABILITY)) {
    return { types: [...first, 'keyword'], text: random.pick(KEYWORD_TEXTS[language]) };
  }
  if (first.length > 0)
    return { types: first, text: random.chance(0.8) ? random.pick(CHATTER[language]) : null };
  if (random.chance(0.3)) {
    return { types: [random.pick(['list', 'list_reply'])], text: random.pick(LIST_OPTIONS[language]) };
  }
  return { types: [random.pick(['button', 'button_reply', 'link'])], text: random.pick(BUTTONS[language]) };
}

function firstTypes(sentCount: number): readonly EventType[] {
  if (sentCount === 0) return ['conversation'];
  return sentCount === 1 ? ['engagement'] : [];
}

function chooseSpelling(random: Random): DateSpelling {
  return random.chance(0.85) ? 'sample' : random.pick(RARE_SPELLINGS);
}
