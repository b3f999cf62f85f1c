import { describe, expect, it } from 'vitest';
import type { EventCondition } from '../../lib/domain/alert-config.ts';
import type { Event } from '../../lib/domain/event.ts';
import { compileRules, rulesOf } from '../../lib/domain/match.ts';
import { appOf, rule } from '../fixtures/alert-config.ts';

const APP = appOf('c-123', '72822');
const EVENT: Event = {
  id: 'e-1',
  type: 'keyword',
  typeId: undefined,
  typeValue: 'I am ready to order, just not today',
  occurredAtMs: 0,
  campaignId: 'camp-1',
  adId: 'ad-1',
  phone: undefined,
  canonical: '',
};

describe('a rule matches', () => {
  it.for<{ name: string; when: Partial<EventCondition>; event?: Partial<Event>; keyword?: string | false }>([
    {
      name: 'by a keyword, which it names as written',
      when: { keywords: ['Ready To Order'] },
      keyword: 'Ready To Order',
    },
    {
      name: 'by the first of its keywords that occurs',
      when: { keywords: ['buy', 'today', 'order'] },
      keyword: 'today',
    },
    { name: 'not without its keyword', when: { keywords: ['buy'] }, keyword: false },
    {
      name: 'not when a negative keyword is there too',
      when: { keywords: ['order'], not: ['not today'] },
      keyword: false,
    },
    { name: 'by type alone', when: { types: ['converted'] }, event: { type: 'converted' } },
    { name: 'not another type', when: { types: ['converted'] }, keyword: false },
    {
      name: 'a keyword in an event of any type',
      when: { keywords: ['order'] },
      event: { type: 'something_new' },
      keyword: 'order',
    },
    {
      name: 'not a keyword in another type than it narrows to',
      when: { keywords: ['order'], types: ['converted'] },
      keyword: false,
    },
    { name: 'by campaign and ad', when: { campaigns: ['camp-1'], ads: ['ad-0', 'ad-1'] } },
    {
      name: 'not an event without a campaign when it narrows to one',
      when: { campaigns: ['camp-1'] },
      event: { campaignId: undefined },
      keyword: false,
    },
    { name: 'not another app', when: { apps: ['93310'] }, keyword: false },
    {
      name: 'not a keyword where the event has no text',
      when: { keywords: ['order'] },
      event: { typeValue: undefined },
      keyword: false,
    },
    {
      name: 'a type with a negative keyword that is not there',
      when: { types: ['keyword'], not: ['testing'] },
    },
  ])('$name', ({ when, event, keyword }) => {
    const matches = compileRules([rule('r', ['sales'], when)])(APP, { ...EVENT, ...event });
    expect(matches.map((match) => match.keyword)).toEqual(keyword === false ? [] : [keyword]);
  });

  it('each by itself: one veto does not touch another rule', () => {
    const match = compileRules([
      rule('vetoed', ['sales'], { keywords: ['order'], not: ['today'] }),
      rule('plain', ['sales'], { keywords: ['order'] }),
    ]);
    expect(match(APP, EVENT).map((found) => found.rule.name)).toEqual(['plain']);
  });

  it('only where it applies: rules of other apps are not those of this one', () => {
    const rules = [
      rule('all', []),
      rule('mine', [], { apps: ['72822'] }),
      rule('other', [], { apps: ['1'] }),
    ];
    expect(rulesOf(APP, rules).map(({ name }) => name)).toEqual(['all', 'mine']);
  });
});
