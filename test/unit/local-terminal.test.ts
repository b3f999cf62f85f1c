import { execFileSync } from 'node:child_process';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { memoryLedger } from '../../lib/adapters/memory/ledger.ts';
import { parseAlerts } from '../../lib/config/load.ts';
import { newAppState, withFailure } from '../../lib/domain/app-progress.ts';
import type { Event } from '../../lib/domain/event.ts';
import { compileRules } from '../../lib/domain/match.ts';
import { type TroubleContext, watchTroubles } from '../../lib/local/app-troubles.ts';
import { usedChannels, watching } from '../../lib/local/introduce.ts';
import { readOptions } from '../../lib/local/options.ts';
import { curlCommand, sampleEvent } from '../../lib/local/sample-event.ts';

function configOf(rules: string, apps = '[{ client: c-1, app: "1", name: One }, { client: c-2, app: "2" }]') {
  const receivers = '{ mail: { email: [a@example.com] }, phone: { sms: ["+12025550123"] } }';
  const parsed = parseAlerts(
    `version: 1\napps: ${apps}\nreceivers: ${receivers}\nrules: ${rules}\n`,
    'a.yaml',
  );
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.mistakes));
  return parsed.config;
}

describe('the sample event', () => {
  it.for([
    {
      name: 'says the first keyword of the first rule',
      rules: '{ r: { when: { keyword: ["buy it", other] }, notify: [mail] } }',
      event: { text: 'buy it' },
    },
    {
      name: 'has the first type of a rule without keywords, in the app the rule narrows to',
      rules: '{ r: { when: { type: converted, app: "2" }, notify: [mail] } }',
      event: { client: 'c-2', app: '2', type: 'converted' },
    },
    {
      name: 'comes through the campaign and ad the rule narrows to',
      rules: '{ r: { when: { campaign: "7", ad: "8" }, notify: [mail] } }',
      event: { campaign: '7', ad: '8' },
    },
    {
      name: 'passes over a rule for a type the fake API has not',
      rules:
        '{ r: { when: { type: unheard }, notify: [mail] }, s: { when: { keyword: hello }, notify: [mail] } }',
      event: { text: 'hello' },
    },
  ])('$name', ({ rules, event }) => {
    expect(sampleEvent(configOf(rules))).toEqual(event);
  });

  it('matches the rule it was made from', () => {
    const config = configOf('{ r: { when: { keyword: "¿Cuánto?", app: "2" }, notify: [mail] } }');
    const [, app] = config.apps;
    const event = sampleEvent(config);
    if (app === undefined) throw new Error('two apps are configured');
    const read: Event = {
      id: 'x',
      type: 'keyword',
      typeId: undefined,
      typeValue: event.text,
      occurredAtMs: 0,
      campaignId: undefined,
      adId: undefined,
      phone: undefined,
      canonical: '',
    };
    expect(compileRules(config.rules)(app, read)).toHaveLength(1);
  });
});

describe('the printed command', () => {
  const text = `I'm "in" 100% \\ $HOME \`id\` & quiero ñ`;

  it('is taken by a shell as it was meant', () => {
    const command = curlCommand('http://x', { text, app: '1' }, 'linux');
    const printed = execFileSync('sh', ['-c', command.replace(/^curl/, "printf '%s\\n'")], {
      encoding: 'utf8',
    });
    const [url, flag, json] = printed.trimEnd().split('\n');
    expect([url, flag, JSON.parse(json ?? '')]).toEqual(['http://x/local/events', '-d', { text, app: '1' }]);
  });

  it('has nothing in it on Windows that its shells read for themselves', () => {
    const command = curlCommand('http://x', { text }, 'win32');
    expect(command).toMatch(/^curl http:\/\/x\/local\/events -d "\{\\"text\\": \\"[\w \\-]*\\"\}"$/);
    const json = /-d "(.*)"$/.exec(command)?.[1]?.replaceAll('\\"', '"');
    expect(JSON.parse(json ?? '')).toEqual({ text });
  });
});

describe('what is said at the start', () => {
  it('counts apps and rules, and shows the ids of an app without a name', () => {
    const rule = '{ when: { keyword: a }, notify: [mail] }';
    expect(watching(configOf(`{ r: ${rule}, s: ${rule} }`))).toBe(
      'Watching One, c-2/2 (2 apps) with 2 rules.',
    );
    const one = configOf(`{ r: ${rule} }`, '[{ client: c-1, app: "1", name: One }]');
    expect(watching(one)).toBe('Watching One (1 app) with 1 rule.');
  });

  it.for([
    { notify: 'mail', used: ['email'] },
    { notify: 'phone', used: ['sms'] },
    { notify: 'mail, phone', used: ['email', 'sms'] },
  ])('knows that rules for $notify use $used', ({ notify, used }) => {
    expect(usedChannels(configOf(`{ r: { when: { keyword: a }, notify: [${notify}] } }`))).toEqual(used);
  });
});

it.for([
  { args: [], everyMs: 2_000 },
  { args: ['--signals', 'https://signals.example.com'], everyMs: 60_000 },
  { args: ['--signals', 'https://signals.example.com', '--every', '5'], everyMs: 5_000 },
])('ticks every $everyMs ms with $args', ({ args, everyMs }) => {
  expect(readOptions(args).everyMs).toBe(everyMs);
});

describe('an app that fails', () => {
  const START_MS = Date.UTC(2026, 10, 22, 15);
  const clock = (atMs: number) => DateTime.fromMillis(atMs).toFormat('HH:mm:ss');

  /** What is told after each of `count` failures, each at the time the one before asked for. */
  async function toldOf(count: number, context: Partial<TroubleContext> = {}): Promise<readonly string[]> {
    const config = configOf('{ r: { when: { keyword: a }, notify: [mail] } }');
    const [app] = config.apps;
    if (app === undefined) throw new Error('two apps are configured');
    const ledger = memoryLedger();
    let nowMs = START_MS;
    const told: string[] = [];
    const tell = (line: string) => told.push(line);
    const look = watchTroubles(ledger, config, {
      tell,
      nowMs: () => nowMs,
      everyMs: 2_000,
      goesOn: true,
      ...context,
    });
    let state = newAppState(app, nowMs);
    for (let tick = 0; tick < count; tick += 1) {
      state = withFailure(state, { because: 'unavailable', detail: 'no', retryAtMs: undefined }, nowMs);
      await ledger.apps.swap(app.key, await ledger.apps.read(app.key), state);
      await look();
      // In between it is left alone, and nothing is said.
      await look();
      nowMs = Math.max(nowMs + 2_000, state.pollAfterMs);
    }
    return told;
  }

  it('is told of at once, and again whenever it is left alone for longer', async () => {
    expect(await toldOf(5)).toEqual([
      'One (c-1/1) cannot be polled - no. Other apps go on; it is tried again at the next tick.',
      `One (c-1/1) is still failing (3 times); tried again at ${clock(START_MS + 124_000)}.`,
      `One (c-1/1) is still failing (4 times); tried again at ${clock(START_MS + 364_000)}.`,
      `One (c-1/1) is still failing (5 times); tried again at ${clock(START_MS + 844_000)}.`,
    ]);
  });

  it('is not promised another try by a run that ends', async () => {
    expect(await toldOf(1, { goesOn: false })).toEqual(['One (c-1/1) cannot be polled - no']);
  });
});
