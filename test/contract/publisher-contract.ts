import { beforeEach, describe, expect, it } from 'vitest';
import { type Target, targetOf } from '../../lib/domain/identity.ts';
import type { Message } from '../../lib/domain/render/message.ts';
import type { Publisher } from '../../lib/ports/publisher.ts';

/** What the next publish meets. */
export type PublishTrouble = 'throttled' | 'invalid' | 'answer-lost' | 'request-lost';

/** A publisher to the topics of `sales`, for one test. */
export type FreshPublisher = {
  readonly publisher: Publisher;
  readonly meets: (trouble: PublishTrouble) => void;
  /** Texts that were taken so far, in turn. */
  readonly taken: () => readonly string[];
  close(): Promise<void>;
};

export const EMAIL_TARGET = targetOf('sales', 'email');
export const SMS_TARGET = targetOf('sales', 'sms');

const EMAIL: Message = { channel: 'email', subject: 'Spot Store: "hi"', body: 'A lead wrote é, 水 and 👍' };
const SMS: Message = { channel: 'sms', body: 'Spot Store: "hi"' };

/** What every publisher promises, whatever takes its messages. */
export function describePublisher(name: string, make: () => Promise<FreshPublisher>): void {
  describe(`the publisher to ${name}`, () => {
    let fresh: FreshPublisher;
    beforeEach(async () => {
      fresh = await make();
      return () => fresh.close();
    });
    const publish = (target: Target, message: Message) => fresh.publisher.publish(target, message);

    it.each([
      { channel: 'an e-mail', target: EMAIL_TARGET, message: EMAIL },
      { channel: 'an SMS', target: SMS_TARGET, message: SMS },
    ])('tells that $channel was taken, and under which id', async ({ target, message }) => {
      expect(await publish(target, message)).toEqual({
        kind: 'accepted',
        messageId: expect.stringMatching(/./),
      });
      expect(fresh.taken()).toEqual([message.body]);
    });

    it('gives every message an id of its own, however many go out at once', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          publish(EMAIL_TARGET, { ...EMAIL, body: `number ${index}` }),
        ),
      );
      const ids = outcomes.flatMap((outcome) => (outcome.kind === 'accepted' ? [outcome.messageId] : []));
      expect(new Set(ids).size).toBe(20);
      expect(new Set(fresh.taken()).size).toBe(20);
    });

    it('tells what was not taken now and may be later, and then it is', async () => {
      fresh.meets('throttled');
      expect(await publish(EMAIL_TARGET, EMAIL)).toMatchObject({ kind: 'refused', heals: true });
      expect(fresh.taken()).toEqual([]);
      expect(await publish(EMAIL_TARGET, EMAIL)).toMatchObject({ kind: 'accepted' });
      expect(fresh.taken()).toEqual([EMAIL.body]);
    });

    it('tells what will not be taken as it is', async () => {
      fresh.meets('invalid');
      expect(await publish(EMAIL_TARGET, EMAIL)).toMatchObject({ kind: 'refused', heals: false });
      expect(fresh.taken()).toEqual([]);
    });

    it.each([
      { trouble: 'request-lost', taken: [] },
      { trouble: 'answer-lost', taken: [EMAIL.body] },
    ] as const)(
      'does not know what came of it, and does not try again: $trouble',
      async ({ trouble, taken }) => {
        fresh.meets(trouble);
        expect(await publish(EMAIL_TARGET, EMAIL)).toMatchObject({ kind: 'unknown' });
        expect(fresh.taken()).toEqual(taken);
      },
    );

    it('says why in a word that holds no address and no number', async () => {
      for (const trouble of ['throttled', 'invalid', 'answer-lost', 'request-lost'] as const) {
        fresh.meets(trouble);
        const outcome = await publish(SMS_TARGET, SMS);
        expect(outcome).toHaveProperty('because', expect.stringMatching(/^[^\d:@]+$/));
      }
    });
  });
}
