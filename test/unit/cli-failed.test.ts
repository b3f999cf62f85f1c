import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { memoryLedger } from '../../lib/adapters/memory/ledger.ts';
import { CannotDoError } from '../../lib/cli/cannot-do.ts';
import { runProgram } from '../../lib/cli/program.ts';
import type { CliWorld, Location } from '../../lib/cli/world.ts';
import { referenceOf } from '../../lib/domain/identity.ts';
import type { FailedItem, Ledger } from '../../lib/ports/ledger.ts';
import { APP, alertRow, EMAIL, facts, SENT, SMS } from '../contract/ledger-values.ts';
import { alertConfig } from '../fixtures/alert-config.ts';

const FAILED_MS = Date.UTC(2026, 10, 22, 15, 55, 11);
/** When whoever listed it is certainly dead. */
const LATER_MS = FAILED_MS + 600_000;
const FAILED = { is: 'failed', because: 'InvalidParameter', atMs: FAILED_MS } as const;
const CONFIG = alertConfig({ timeZone: 'America/Sao_Paulo' });

const ROW = alertRow('e', {
  facts: facts('e', { text: 'a secret wish', phone: '+12025550199', occurredAtMs: FAILED_MS }),
  to: { [EMAIL]: FAILED, [SMS]: FAILED },
  claimedAtMs: FAILED_MS,
});
const REFERENCE = referenceOf(APP, ROW.facts.event);
const BY_EMAIL: FailedItem = { atMs: FAILED_MS, target: EMAIL, key: ROW.key, because: 'InvalidParameter' };
const BY_SMS: FailedItem = {
  atMs: FAILED_MS + 1_000,
  target: SMS,
  key: ROW.key,
  because: '3 attempts of unknown outcome; the last: TimeoutError',
};
const GONE: FailedItem = {
  atMs: FAILED_MS + 2_000,
  target: EMAIL,
  key: { ...ROW.key, sk: 'alert#00#old' },
  because: 'NotFound',
};
const SPAN: FailedItem = {
  atMs: FAILED_MS + 3_000,
  target: '-',
  key: { pk: `app#${APP}`, sk: 'state' },
  because: 'about 5 h of events were never read: polls were down for more than 28 days',
};

type Answers = { readonly confirm?: boolean; readonly config?: typeof CONFIG };

/** Command lines over a ledger in memory, as somebody sees them. */
async function cliOver(items: readonly FailedItem[], { confirm, config = CONFIG }: Answers = {}) {
  const ledger = memoryLedger();
  await ledger.rows.claim(ROW);
  for (const item of items) await ledger.failed.put(item);
  const said: string[] = [];
  const complaints: string[] = [];
  const asked: string[] = [];
  const opened: Location[] = [];
  const world = (over: Ledger): CliWorld => ({
    clock: { nowMs: () => LATER_MS, sleep: async () => {} },
    say: (line) => said.push(stripVTControlCharacters(line)),
    complain: (line) => complaints.push(stripVTControlCharacters(line)),
    confirm:
      confirm === undefined
        ? undefined
        : async (question) => {
            asked.push(question);
            return confirm;
          },
    open: (location) => {
      opened.push({ ...location });
      const place = { tableName: 'spot-alerts-state', region: 'eu-west-1', url: undefined };
      return { config, ledger: over, place, close: () => undefined };
    },
  });
  return {
    ledger,
    said,
    complaints,
    asked,
    opened,
    run: (line: string, over: Ledger = ledger) => runProgram(line.split(' '), world(over)),
    targets: async () => (await ledger.failed.list(10)).map(({ target }) => target),
    stateOf: async (target: typeof EMAIL) => (await ledger.rows.read(ROW.key))?.to[target],
  };
}

describe('failed list', () => {
  it('says of each entry who, what, when, why and what to do', async () => {
    const cli = await cliOver([BY_EMAIL, BY_SMS, GONE, SPAN]);
    expect(await cli.run('failed list')).toBe(0);
    expect(
      cli.said.join('\n'),
    ).toBe(`4 entries on the failed list. Its alarm stays on until the list is empty.

1  sales by e-mail - Spot Store, rule ready-to-order (Ref ${REFERENCE})
   Given up: Sun 22 Nov 2026, 12:55:11 (GMT-3, America/Sao_Paulo)
   Why: InvalidParameter
   Next: mend the cause, then npx signals-alerts failed retry 1

2  sales by SMS - Spot Store, rule ready-to-order (Ref ${REFERENCE})
   Given up: Sun 22 Nov 2026, 12:55:12 (GMT-3, America/Sao_Paulo)
   Why: 3 attempts of unknown outcome; the last: TimeoutError
   Next: mend the cause, then npx signals-alerts failed retry 2

3  sales by e-mail - Spot Store
   Given up: Sun 22 Nov 2026, 12:55:13 (GMT-3, America/Sao_Paulo)
   Why: NotFound
   Next: the alert itself is no longer kept and cannot be sent; npx signals-alerts failed dismiss 3

4  Spot Store, events read late or never
   From: Sun 22 Nov 2026, 12:55:14 (GMT-3, America/Sao_Paulo)
   Why: about 5 h of events were never read: polls were down for more than 28 days
   Next: nothing can be sent. Of events never read, look at that time in 360dialog's own reports; where they came late, set a longer lookback.daily. Then npx signals-alerts failed dismiss 4

Send all of them again: npx signals-alerts failed retry all
What has attempts of unknown outcome may have arrived, and may then arrive once more.`);
  });

  it('shows no text and no number of a lead', async () => {
    const cli = await cliOver([BY_EMAIL]);
    await cli.run('failed list');
    expect(cli.said.join('\n')).not.toMatch(/secret|5550199/);
  });

  it('that is empty says so', async () => {
    const cli = await cliOver([]);
    expect(await cli.run('failed list')).toBe(0);
    expect(cli.said).toEqual(['Nothing was given up: the list is empty.']);
  });

  it('warns where nobody would get it any more', async () => {
    const cli = await cliOver([BY_EMAIL], { config: { ...CONFIG, receivers: [] } });
    await cli.run('failed list');
    expect(cli.said.join('\n')).toContain('not in the file any more, so nobody would get it');
  });

  it('is not sent back to nobody: the entry stays', async () => {
    const cli = await cliOver([BY_EMAIL], { config: { ...CONFIG, receivers: [] } });
    expect(await cli.run('failed retry 1')).toBe(1);
    expect(cli.complaints.join('\n')).toContain('not in the file any more; put it back first');
    expect(await cli.targets()).toEqual([EMAIL]);
    expect(await cli.stateOf(EMAIL)).toMatchObject({ is: 'failed' });
  });

  it('shows the commands with the options that lead to the same stack, wherever they stood', async () => {
    const cli = await cliOver([BY_EMAIL]);
    await cli.run('failed --config my.yaml list --local .data');
    expect(cli.opened).toEqual([{ config: 'my.yaml', local: '.data' }]);
    expect(cli.said.join('\n')).toContain('npx signals-alerts failed retry 1 --config my.yaml --local .data');
  });

  it('shows the first thousand of a longer one', async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => ({ ...BY_EMAIL, atMs: FAILED_MS + index }));
    const cli = await cliOver(many);
    await cli.run('failed list');
    expect(cli.said[0]).toContain('The first 1000 entries');
  });
});

describe('failed retry', () => {
  it('of one entry asks nothing, holds it for the digest, and says when it goes out', async () => {
    const cli = await cliOver([BY_EMAIL, BY_SMS], { confirm: false });
    expect(await cli.run('failed retry 2')).toBe(0);
    expect(cli.asked).toEqual([]);
    expect(cli.said).toEqual([
      `sales by SMS - Spot Store, rule ready-to-order (Ref ${REFERENCE}): goes out within a minute.`,
      '1 entry left, with new numbers: npx signals-alerts failed list',
    ]);
    expect(await cli.stateOf(SMS)).toMatchObject({ is: 'held', because: 'retry' });
    expect(await cli.stateOf(EMAIL)).toEqual(FAILED);
    expect(await cli.targets()).toEqual([EMAIL]);
  });

  it('takes the reference of an alert for all its deliveries', async () => {
    const cli = await cliOver([BY_EMAIL, BY_SMS, SPAN]);
    expect(await cli.run(`failed retry ${REFERENCE}`)).toBe(0);
    expect(await cli.targets()).toEqual(['-']);
  });

  it('of all asks first, and does nothing without a yes', async () => {
    const no = await cliOver([BY_EMAIL, BY_SMS], { confirm: false });
    expect(await no.run('failed retry all')).toBe(1);
    expect(no.asked).toEqual([expect.stringContaining('Send 2 entries again?')]);
    expect(no.said).toEqual(['Nothing was changed.']);
    expect(await no.targets()).toEqual([EMAIL, SMS]);

    const yes = await cliOver([BY_EMAIL, BY_SMS], { confirm: true });
    expect(await yes.run('failed retry all')).toBe(0);
    expect(await yes.targets()).toEqual([]);
    expect(yes.said.at(-1)).toContain('The list is empty now');
  });

  it('of all where nobody can be asked needs --yes', async () => {
    const cli = await cliOver([BY_EMAIL]);
    expect(await cli.run('failed retry all')).toBe(2);
    expect(cli.complaints.join()).toContain('--yes');
    expect(await cli.targets()).toEqual([EMAIL]);
    expect(await cli.run('failed retry all --yes')).toBe(0);
    expect(await cli.targets()).toEqual([]);
    expect(await cli.run('failed retry all --yes')).toBe(0);
    expect(cli.said.at(-1)).toContain('the list is empty');
  });

  it('tells apart what it could not do, exit 1, and does the rest', async () => {
    const cli = await cliOver([BY_EMAIL, GONE, SPAN]);
    expect(await cli.run('failed retry all --yes')).toBe(1);
    expect(cli.complaints).toEqual([
      expect.stringContaining('no longer kept and cannot be sent'),
      expect.stringContaining('there is no message to send'),
    ]);
    expect(await cli.targets()).toEqual([EMAIL, '-']);
    expect(await cli.stateOf(EMAIL)).toMatchObject({ is: 'held' });
  });

  it('of what was sent meanwhile only takes the entry away', async () => {
    const cli = await cliOver([BY_EMAIL]);
    await cli.ledger.rows.record(ROW.key, { [EMAIL]: SENT }, undefined);
    expect(await cli.run('failed retry 1')).toBe(0);
    expect(cli.said[0]).toContain('was sent meanwhile; taken off the list');
    expect(await cli.stateOf(EMAIL)).toEqual(SENT);
  });

  it('of one that is not there says so, exit 1', async () => {
    const cli = await cliOver([BY_EMAIL]);
    expect(await cli.run('failed retry 7')).toBe(1);
    expect(await cli.run('failed retry 00-00000000')).toBe(1);
    expect(cli.complaints).toEqual([
      'expected an entry with number 7, but the list has 1 entry; look at it again',
      'expected an entry with reference 00-00000000, but the list has 1 entry; look at it again',
    ]);
  });

  it('says what was done before the table failed, and why it did', async () => {
    const cli = await cliOver([BY_EMAIL, BY_SMS]);
    const { rows } = cli.ledger;
    const denied = Object.assign(new Error('not authorized'), {
      name: 'AccessDeniedException',
      $metadata: {},
    });
    const failing: Ledger = {
      ...cli.ledger,
      rows: {
        ...rows,
        reopen: (key, target, state) =>
          target === SMS ? Promise.reject(denied) : rows.reopen(key, target, state),
      },
    };
    expect(await cli.run('failed retry all --yes', failing)).toBe(1);
    expect(cli.said).toEqual([expect.stringContaining('sales by e-mail')]);
    expect(cli.complaints).toEqual([expect.stringContaining('may not use it (not authorized)')]);
  });
});

describe('failed dismiss', () => {
  it('takes the entry away and leaves the row as it is', async () => {
    const cli = await cliOver([BY_EMAIL, SPAN]);
    expect(await cli.run('failed dismiss 2')).toBe(0);
    expect(cli.said[0]).toBe('Spot Store, events read late or never: taken off the list; nothing is sent.');
    expect(await cli.run('failed dismiss 1')).toBe(0);
    expect(await cli.targets()).toEqual([]);
    expect(await cli.stateOf(EMAIL)).toEqual(FAILED);
  });

  it('of all asks first', async () => {
    const cli = await cliOver([BY_EMAIL, SPAN], { confirm: false });
    expect(await cli.run('failed dismiss all')).toBe(1);
    expect(cli.asked).toEqual([expect.stringContaining('Take 2 entries off the list?')]);
    expect(await cli.targets()).toEqual([EMAIL, '-']);
    expect(await cli.run('failed dismiss all --yes')).toBe(0);
    expect(await cli.targets()).toEqual([]);
  });
});

describe('a mistake in the command line', () => {
  it.for([
    { line: 'failed retry', says: "missing required argument 'which'" },
    { line: 'failed retry first', says: 'expected the number of an entry' },
    { line: 'failed retry 0', says: 'expected the number of an entry' },
    { line: 'failed retry 1 2', says: 'too many arguments' },
    { line: 'failed lost', says: "unknown command 'lost'" },
    { line: 'failed list --all', says: "unknown option '--all'" },
    { line: 'failed list --local .data --region eu-west-1', says: 'cannot be used with' },
  ])('$line: exit 2, and nothing is opened', async ({ line, says }) => {
    const cli = await cliOver([BY_EMAIL]);
    expect(await cli.run(line)).toBe(2);
    expect(cli.complaints.join('\n')).toContain(says);
    expect(cli.opened).toEqual([]);
  });

  it('help is none', async () => {
    const cli = await cliOver([]);
    expect(await cli.run('failed retry --help')).toBe(0);
    expect(cli.said.join('\n')).toContain('--local <dir>');
  });
});

it('a stack that cannot be opened: its sentence, exit 1', async () => {
  const complaints: string[] = [];
  const world: CliWorld = {
    clock: { nowMs: () => LATER_MS, sleep: async () => {} },
    say: () => undefined,
    complain: (line) => complaints.push(line),
    confirm: undefined,
    open: () => {
      throw new CannotDoError('no such stack');
    },
  };
  expect(await runProgram(['failed', 'list'], world)).toBe(1);
  expect(complaints).toEqual(['no such stack']);
});
