import { describe, expect, it } from 'vitest';
import { targetOf } from '../../lib/domain/identity.ts';
import type { Message } from '../../lib/domain/render/message.ts';
import type { PublishOutcome } from '../../lib/ports/publisher.ts';
import { pacedSender } from '../../lib/use-cases/sender.ts';

const SALES = targetOf('sales', 'email');
const OWNER = targetOf('owner', 'email');
const MESSAGE: Message = { channel: 'email', subject: 's', body: 'b' };
const SPACING = 400;
const UNTIL = 10_000;

/** A sender over a clock that only sleeping moves, and when its publishes were. */
function paced(outcome: PublishOutcome = { kind: 'accepted', messageId: 'm' }) {
  const world = { nowMs: 0, oversleepsMs: 0, published: [] as [string, number][] };
  const sender = pacedSender(
    {
      clock: {
        nowMs: () => world.nowMs,
        sleep: async (delayMs) => {
          world.nowMs += delayMs + world.oversleepsMs;
        },
      },
      publisher: {
        publish: async (target) => {
          world.published.push([target, world.nowMs]);
          return outcome;
        },
      },
    },
    { spacingMs: SPACING, phaseMs: 0, untilMs: UNTIL },
  );
  return { world, sender };
}

describe('messages to a target', () => {
  it('go out at once, then so far apart, and do not wait for those to another', async () => {
    const { world, sender } = paced();
    await sender(SALES, MESSAGE, 1);
    await sender(OWNER, MESSAGE, 1);
    await sender(SALES, MESSAGE, 1);
    await sender(SALES, MESSAGE, 1);
    expect(world.published).toEqual([
      [SALES, 0],
      [OWNER, 0],
      [SALES, SPACING],
      [SALES, 2 * SPACING],
    ]);
  });

  it('do not wait when the one before is long ago', async () => {
    const { world, sender } = paced();
    await sender(SALES, MESSAGE, 1);
    world.nowMs = 5_200;
    await sender(SALES, MESSAGE, 1);
    expect(world.published.at(-1)).toEqual([SALES, 5_200]);
  });

  it('are told as sent with the number of alerts they stand for', async () => {
    expect(await paced().sender(SALES, MESSAGE, 3)).toEqual({
      kind: 'accepted',
      messageId: 'm',
      alertCount: 3,
    });
    const refused = { kind: 'refused', heals: true, because: 'Throttled' } as const;
    expect(await paced(refused).sender(SALES, MESSAGE, 3)).toEqual(refused);
  });
});

describe('when the invocation is about to be killed', () => {
  it.for([
    { nowMs: UNTIL - SPACING, published: 1 },
    { nowMs: UNTIL - SPACING + 1, published: 0 },
  ])('at $nowMs of 10000 ms $published messages are begun', async ({ nowMs, published }) => {
    const { world, sender } = paced();
    world.nowMs = nowMs;
    const attempt = await sender(SALES, MESSAGE, 1);
    expect(world.published).toHaveLength(published);
    expect(attempt.kind).toBe(published === 1 ? 'accepted' : 'no-time');
  });

  it('none is begun whose turn would come too late, and it does not wait for that', async () => {
    const { world, sender } = paced();
    world.nowMs = UNTIL - SPACING;
    await sender(SALES, MESSAGE, 1);
    expect(await sender(SALES, MESSAGE, 1)).toEqual({ kind: 'no-time' });
    expect(world.nowMs).toBe(UNTIL - SPACING);
  });

  it('none is begun when waiting for its turn took too long', async () => {
    const { world, sender } = paced();
    await sender(SALES, MESSAGE, 1);
    world.oversleepsMs = UNTIL - SPACING;
    expect(await sender(SALES, MESSAGE, 1)).toEqual({ kind: 'no-time' });
    expect(world.published).toHaveLength(1);
  });
});
