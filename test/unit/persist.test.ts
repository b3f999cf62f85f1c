import { describe, expect, it } from 'vitest';
import { persist } from '../../lib/use-cases/persist.ts';
import type { Tick } from '../../lib/use-cases/tick.ts';

/** As much of a tick as persisting looks at, over a clock that only sleeping moves. */
function tickUntil(killAtMs: number) {
  const sleeps: number[] = [];
  let nowMs = 0;
  const clock = {
    nowMs: () => nowMs,
    sleep: async (delayMs: number) => {
      sleeps.push(delayMs);
      nowMs += delayMs;
    },
  };
  const tick = { ports: { clock }, invocation: { owner: 'o', killAtMs } } as unknown as Tick;
  return { tick, sleeps };
}

describe('what was published', () => {
  it('is recorded at once where that succeeds', async () => {
    const { tick, sleeps } = tickUntil(50_000);
    expect(await persist(tick, async () => 'written')).toBe('written');
    expect(sleeps).toEqual([]);
  });

  it('is recorded again and again, ever more rarely, until it is written', async () => {
    const { tick, sleeps } = tickUntil(50_000);
    const written = await persist(tick, async () => {
      if (sleeps.length < 4) throw new Error('throttled');
      return 'written';
    });
    expect(written).toBe('written');
    expect(sleeps).toEqual([200, 400, 800, 1600]);
  });

  it('is given up with the last error two seconds before the invocation is killed', async () => {
    const attempts = async (killAtMs: number): Promise<number> => {
      const { tick, sleeps } = tickUntil(killAtMs);
      await expect(
        persist(tick, async () => Promise.reject(new Error(`attempt ${sleeps.length + 1}`))),
      ).rejects.toThrow(/^attempt/);
      return sleeps.length + 1;
    };
    expect(await attempts(2_000)).toBe(1);
    expect(await attempts(2_200)).toBe(1);
    expect(await attempts(2_201)).toBe(2);
    expect(await attempts(2_600)).toBe(2);
    expect(await attempts(2_601)).toBe(3);
  });
});
