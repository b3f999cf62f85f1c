import { expect, it } from 'vitest';
import { smsParts } from '../../lib/domain/render/sms-text.ts';
import { smsParts as partsByTheRules } from '../fixtures/sns-rules.ts';

it.for([
  { name: 'nothing', text: '' },
  { name: 'one full part', text: 'a'.repeat(160) },
  { name: 'one character more', text: 'a'.repeat(161) },
  { name: 'two full parts', text: 'a'.repeat(306) },
  { name: 'three parts', text: 'a'.repeat(307) },
  { name: 'characters that count twice', text: '€'.repeat(80) },
  { name: 'one of those more', text: '€'.repeat(81) },
  { name: 'another script', text: 'я'.repeat(70) },
  { name: 'one letter more', text: 'я'.repeat(71) },
  { name: 'a single letter of another script', text: `${'a'.repeat(70)}я` },
])('an SMS of $name has the parts that SNS bills', ({ text }) => {
  expect(smsParts(text)).toBe(partsByTheRules(text));
});
