import { expect, it } from 'vitest';
import { messageSpacingMs } from '../../lib/domain/policy.ts';

it.for([1, 2, 3, 4, 5])(
  '%s publishers together send at most five messages in any second',
  (publisherCount) => {
    const spacingMs = messageSpacingMs({ publisherCount });
    // Of a half-open second that begins with a message.
    expect(publisherCount * Math.ceil(1000 / spacingMs)).toBeLessThanOrEqual(5);
  },
);

it('more publishers than that send five a second on average', () => {
  expect(messageSpacingMs({ publisherCount: 11 })).toBe(2200);
});
