import { describe, expect, it } from 'vitest';
import { hashEvent, referenceOf } from '../../lib/domain/identity.ts';
import type { AlertFacts } from '../../lib/domain/ledger-row.ts';
import { renderAlert, type View } from '../../lib/domain/render/alert.ts';
import { renderDigest } from '../../lib/domain/render/digest.ts';
import { groupAlerts, listCut } from '../../lib/domain/render/digest-groups.ts';
import { renderPlainDigest } from '../../lib/domain/render/fallback.ts';
import { zoneOf } from '../../lib/domain/render/when.ts';
import { KEYWORD_ALERT, NOW_MS } from '../fixtures/alert-facts.ts';

const view: View = { timeZone: 'America/Sao_Paulo', phones: 'masked' };

function many(count: number): readonly AlertFacts[] {
  return Array.from({ length: count }, (_, index) => ({
    ...KEYWORD_ALERT,
    event: hashEvent({ id: `e${index}`, canonical: '' }),
  }));
}

function email(changes: Partial<AlertFacts>): readonly string[] {
  return renderAlert({ ...KEYWORD_ALERT, ...changes }, 'email', view, NOW_MS).body.split('\n');
}

describe('a digest that SNS found invalid', () => {
  const alerts = many(3);
  const references = alerts.map(({ app, event }) => referenceOf(app, event));

  it('is told by e-mail as how many and which', () => {
    expect(renderPlainDigest(alerts, 'email')).toEqual({
      channel: 'email',
      subject: '3 alerts',
      body: `3 alerts could not be shown in full.\n\n${references.join('\n')}`,
    });
  });

  it('is told by SMS as how many and the first', () => {
    expect(renderPlainDigest(alerts, 'sms')).toEqual({
      channel: 'sms',
      body: `3 alerts could not be shown in full. First ref ${references[0]}`,
    });
    expect(renderPlainDigest([], 'sms').body).toMatch(/First ref none$/);
  });
});

describe('an e-mail', () => {
  it('shows twenty lines of the words, and the rest on the last of them', () => {
    const quoted = (count: number): readonly string[] =>
      email({ text: Array.from({ length: count }, (_, line) => `l${line + 1}`).join('\n') }).filter((line) =>
        line.startsWith('> '),
      );
    expect(quoted(20)).toHaveLength(20);
    expect(quoted(20).at(-1)).toBe('> l20');
    expect(quoted(23)).toHaveLength(20);
    expect(quoted(23).slice(-2)).toEqual(['> l19', '> l20 l21 l22 l23']);
  });

  it('leaves out the words where there are none, without a gap', () => {
    expect(email({ text: undefined }).slice(0, 3)).toEqual([
      'A lead wrote to Spot Store at 15:03.',
      '',
      'Keyword: "I\'m ready to order"',
    ]);
  });

  it('leaves out the time of an event that has none', () => {
    expect(email({ occurredAtMs: undefined })[0]).toBe('A lead wrote to Spot Store.');
  });

  it('quotes the words of a conversion without naming the rule, which says the same', () => {
    const message = renderAlert(
      { ...KEYWORD_ALERT, type: 'converted', text: 'ordered' },
      'email',
      view,
      NOW_MS,
    );
    expect(message).toMatchObject({ subject: 'Spot Store: conversion "ordered"' });
  });

  it('leaves an ad and a campaign out that the event does not name', () => {
    const lines = email({ adId: undefined, campaignId: ' ' });
    expect(lines.filter((line) => /^(?:Ad|Campaign)/.test(line))).toEqual([]);
  });
});

describe('what a digest sums up', () => {
  it('is grouped by rule and app, with how many there are of each', () => {
    const [first, second, third] = many(3);
    if (first === undefined || second === undefined || third === undefined) throw new Error('expected three');
    const groups = groupAlerts([first, { ...second, rule: 'other' }, third]);
    expect(groups.map(({ count, sample }) => [count, sample.rule])).toEqual([
      [2, 'ready-to-order'],
      [1, 'other'],
    ]);
    expect(groupAlerts([])).toEqual([]);
  });

  it.for([
    { shown: 3, text: 'a, b, c' },
    { shown: 4, text: 'a, b, c' },
    { shown: 2, text: 'a, b and 1 more rule' },
    { shown: 1, text: 'a and 2 more rules' },
    { shown: 0, text: '3 rules' },
  ])('names $shown of three', ({ shown, text }) => {
    expect(listCut(['a', 'b', 'c'], shown, 'rule')).toBe(text);
  });

  it('names a single one that found no room by its kind alone', () => {
    expect(listCut(['a'], 0, 'rule')).toBe('1 rule');
  });

  it('is nothing where there is nothing', () => {
    expect(renderDigest([], 'email', view, NOW_MS)).toEqual([]);
    expect(renderDigest([], 'sms', view, NOW_MS)).toEqual([]);
  });
});

it('a time outside the calendar is dated in UTC', () => {
  expect(zoneOf(Number.NaN, 'Asia/Kolkata')).toBe('UTC');
  expect(zoneOf(NOW_MS, 'Asia/Kolkata')).toBe('GMT+5:30, Asia/Kolkata');
  expect(zoneOf(NOW_MS, 'UTC')).toBe('UTC');
});
