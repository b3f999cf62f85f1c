import type { SnsFaults } from '../../../lib/local/sns/faults.ts';
import type { Random } from '../../simulation/random.ts';
import type { Body, Fault } from '../faulty-proxy.ts';

/** Everything that can go wrong between the code and its servers. */
export const FAULTS = [
  'table: answer dropped',
  'table: reset before',
  'table: late',
  'table: throttled',
  'table: 5xx',
  'table: partial batch',
  'sns: answer dropped',
  'sns: reset before',
  'sns: late',
  'sns: throttled',
  'sns: 5xx',
] as const;

export type FaultName = (typeof FAULTS)[number];

/** Counts what was injected, over all scenarios of one server. */
export type FaultCounts = Map<FaultName, number>;

const LATE_MS = 15;

/** Of so many requests to the table, about one in six goes wrong; the rest pass. */
export function tableFaults(random: Random, requestsMax: number, counts: FaultCounts) {
  let left = requestsMax;
  return (operation: string): Fault => {
    left -= 1;
    if (left < 0 || !random.chance(0.16)) return { kind: 'pass' };
    const [name, fault] = random.pick(operation === 'BatchGetItem' ? BATCH_FAULTS : TABLE_FAULTS);
    note(counts, name);
    return fault;
  };
}

const TABLE_FAULTS: readonly (readonly [FaultName, Fault])[] = [
  ['table: answer dropped', { kind: 'applied', ends: 'drop' }],
  ['table: reset before', { kind: 'lost', ends: 'drop' }],
  ['table: late', { kind: 'late', delayMs: LATE_MS }],
  ['table: throttled', { kind: 'lost', ends: 'throttling' }],
  ['table: 5xx', { kind: 'lost', ends: '500' }],
];

/** Answers nothing of a batch, and says so. */
const BATCH_FAULTS: readonly (readonly [FaultName, Fault])[] = [
  [
    'table: partial batch',
    {
      kind: 'rewrite',
      request: (body) => body,
      answer: (_answer, body: Body) => ({ Responses: {}, UnprocessedKeys: body['RequestItems'] }),
    },
  ],
];

const SNS_FAULTS: readonly (readonly [FaultName, (faults: SnsFaults) => void])[] = [
  ['sns: answer dropped', (faults) => faults.unknownNext()],
  ['sns: reset before', (faults) => faults.unknownNext({ delivers: false })],
  ['sns: late', (faults) => faults.slowNext(LATE_MS)],
  ['sns: throttled', (faults) => faults.refuseNext({ code: 'Throttled', status: 429 })],
  ['sns: 5xx', (faults) => faults.refuseNext({ code: 'InternalError', status: 500 })],
];

/** What the next publish meets. */
export function orderSnsFault(faults: SnsFaults, name: FaultName, counts: FaultCounts): void {
  const [, order] = SNS_FAULTS.find(([known]) => known === name) ?? [];
  if (order === undefined) throw new RangeError(`${name} is nothing that SNS does`);
  order(faults);
  note(counts, name);
}

/** What the next publishes meet: about every second something, the others nothing. Returns how many answers are dropped. */
export function orderSnsFaults(
  faults: SnsFaults,
  random: Random,
  publishesMax: number,
  counts: FaultCounts,
): number {
  let dropped = 0;
  for (let index = 0; index < publishesMax; index += 1) {
    const [name] = random.pick(SNS_FAULTS);
    // A delay of nothing stands for a publish that goes well.
    if (!random.chance(0.5)) faults.slowNext(0);
    else {
      orderSnsFault(faults, name, counts);
      if (name === 'sns: answer dropped') dropped += 1;
    }
  }
  return dropped;
}

function note(counts: FaultCounts, name: FaultName): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
