import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlertConfig } from '../../../lib/domain/alert-config.ts';
import { alertConfig, receiver, rule, smsTo } from '../../fixtures/alert-config.ts';
import type { LocalServer } from '../local-table.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { type RealWorld, startRealWorld } from './real-world.ts';
import { FAULTS, type FaultCounts, orderSnsFault, orderSnsFaults } from './seeded-faults.ts';

const EMAIL = alertConfig({
  receivers: [receiver('owner', { email: { to: ['owner@example.com'] } })],
  rules: [rule('orders', ['owner'], { keywords: ['order'] })],
});
const BOTH = alertConfig({
  receivers: [receiver('sales', { email: { to: ['sales@example.com'] }, sms: smsTo('+12025550123') })],
  rules: [rule('orders', ['sales'], { keywords: ['order'] })],
});

/** Ticks after which everything has settled, whatever went wrong. */
const TICKS_UNTIL_QUIET = 12;

type Given = {
  readonly world: RealWorld;
  readonly counts: FaultCounts;
  /** Adds events that match, and returns after that. */
  readonly happen: (count?: number) => void;
};

type Scenario = {
  readonly name: string;
  readonly config: AlertConfig;
  /** Plays on a world whose app has started; returns how many messages could not be recorded. */
  readonly play: (given: Given) => Promise<number> | number;
  readonly expects?: (outcome: Outcome) => void;
};

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'one alert',
    config: EMAIL,
    play: ({ happen }) => {
      happen();
      return 0;
    },
    expects: ({ messages }) => expect(messages).toHaveLength(1),
  },
  {
    name: 'an SMS and an e-mail',
    config: BOTH,
    play: ({ happen }) => {
      happen(2);
      return 0;
    },
    expects: ({ messages }) => expect(messages).toHaveLength(4),
  },
  {
    name: 'a storm, told as a digest',
    config: BOTH,
    play: ({ happen }) => {
      happen(24);
      return 0;
    },
    expects: ({ messages }) => {
      expect(messages.filter(({ subject }) => subject?.includes('alerts'))).not.toEqual([]);
      expect(messages.length).toBeLessThan(40);
    },
  },
  {
    name: 'a refusal that heals',
    config: EMAIL,
    play: async ({ world, counts, happen }) => {
      happen();
      for (let index = 0; index < 3; index += 1) orderSnsFault(world.sns.faults, 'sns: throttled', counts);
      await world.ticks(2);
      expect(world.sns.inbox.entries()).toEqual([]);
      return 0;
    },
    expects: ({ messages }) => expect(messages).toHaveLength(1),
  },
  {
    name: 'an unknown outcome that did arrive',
    config: EMAIL,
    play: async ({ world, counts, happen }) => {
      happen();
      orderSnsFault(world.sns.faults, 'sns: answer dropped', counts);
      return 1;
    },
    expects: ({ messages }) => expect(messages).toHaveLength(2),
  },
  {
    name: 'overlapping invocations of one app',
    config: BOTH,
    play: async ({ world, happen }) => {
      happen(4);
      world.leapMinutes(1);
      await Promise.allSettled([world.poll(), world.poll(), world.poll()]);
      return 0;
    },
    expects: ({ messages }) => expect(messages).toHaveLength(8),
  },
  {
    name: 'an invocation that stands still between publishing and recording, taken over',
    config: EMAIL,
    play: async ({ world, happen }) => {
      happen();
      world.leapMinutes(1);
      const published = new Promise<void>((resolve) => {
        const publish: RealWorld['publisher']['publish'] = async (target, message) => {
          await world.publisher.publish(target, message);
          resolve();
          return new Promise(() => undefined);
        };
        // A tick of which the ledger failed before that is made good by the next.
        const untilPublished = (): void => void world.poll({ publisher: { publish } }).catch(untilPublished);
        untilPublished();
      });
      await published;
      world.leapMinutes(2);
      return 1;
    },
    expects: ({ messages }) => expect(messages).toHaveLength(2),
  },
  {
    name: 'a gap that an outage left',
    config: EMAIL,
    play: async ({ world, happen }) => {
      for (let hour = 0; hour < 5; hour += 1) {
        happen();
        world.leapMinutes(60);
      }
      for (const kind of ['reset', 'html', 'truncate', 'status'] as const) world.api.fault({ kind });
      happen();
      return 0;
    },
  },
  {
    name: 'plain text after a text that SNS finds invalid',
    config: EMAIL,
    play: ({ world, happen }) => {
      happen();
      world.sns.faults.refuseNext({ code: 'InvalidParameter', status: 400 });
      return 0;
    },
    expects: ({ messages }) => expect(messages[0]?.body).toContain('could not be shown in full'),
  },
  {
    name: 'an alert that fails for good, and is listed',
    config: EMAIL,
    play: async ({ world, happen }) => {
      happen();
      world.sns.faults.refuseNext({ code: 'InvalidParameter', status: 400, times: 2 });
      return 0;
    },
    expects: ({ messages, failed }) => {
      expect(messages).toEqual([]);
      expect(failed).toBe(1);
    },
  },
  ...[1, 2, 3].map((number) => ({
    name: `everything at once, the ${number}. time`,
    config: BOTH,
    play: async ({ world, counts, happen }: Given) => {
      const dropped = orderSnsFaults(world.sns.faults, world.random, 20, counts);
      happen(5);
      await world.ticks(2);
      world.api.fault({ kind: 'reset', times: 2 });
      happen(5);
      return dropped;
    },
  })),
];

/** Plays every scenario against a table server of some kind, behind a proxy that drops, delays, throttles and refuses. */
export function describeRealServers(name: string, startTable: () => Promise<LocalServer>): void {
  describe(name, () => {
    const counts: FaultCounts = new Map();
    let table: LocalServer;
    beforeAll(async () => {
      table = await startTable();
    });
    afterAll(() => table?.close());

    // Most of a scenario is the SDK waiting between its attempts.
    it.concurrent.for(
      SCENARIOS.map((scenario, index) => ({ name: scenario.name, scenario, seed: index + 1 })),
    )(
      'every alert is delivered or listed as failed, and repeated only where nobody could record it: $name',
      async ({ scenario, seed }) => {
        const { config, play, expects } = scenario;
        const world = await startRealWorld({ tableUrl: table.endpoint, config, seed, counts });
        try {
          const ids: string[] = [];
          const happen = (count = 1): void => {
            for (let left = count; left > 0; left -= 1) {
              const id = `wamid.${ids.length}`;
              world.api.inject({ id, text: `I would like to order, please ${ids.length}` });
              ids.push(id);
            }
          };
          await startApp(world);
          const unrecorded = await play({ world, counts, happen });
          await world.ticks(TICKS_UNTIL_QUIET);
          const outcome = await outcomeOf(world, ids);
          expect(outcome.lost).toEqual([]);
          expect(outcome.unsettled).toBe(0);
          expect(outcome.unrecorded).toBeLessThanOrEqual(unrecorded);
          expects?.(outcome);
        } finally {
          await world.close();
        }
      },
    );

    it('every kind of fault was met on the way', () => {
      expect(FAULTS.filter((fault) => (counts.get(fault) ?? 0) === 0)).toEqual([]);
    });
  });
}

/** What happens before an app's first tick is history. */
async function startApp(world: RealWorld): Promise<void> {
  const [app] = world.config.apps;
  if (app === undefined) throw new RangeError('expected an app');
  while ((await world.ledger.apps.read(app.key)) === undefined) await world.ticks(1);
}
