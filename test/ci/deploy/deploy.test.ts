import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DeployedWorld, STACK, startWorld } from './deployed-world.ts';
import { eventually } from './eventually.ts';
import type { Received } from './sqs-inbox.ts';

const DEPLOY = ['deploy', '--all', '--require-approval', 'never'];
const DESTROY_ALERTS = ['destroy', `${STACK}-alerts`, '--force'];
const DESTROY_STATE = ['destroy', `${STACK}-state`, '--force'];
const TOPICS = [`${STACK}-sales-email`, `${STACK}-sales-sms`];

const READY = `  ready-to-order: { when: { keyword: ["I'm ready to order"] }, notify: [sales] }`;
const READY_AND_BUY = `${READY}\n  buy: { when: { keyword: ["quero comprar"] }, notify: [sales] }`;

// A schedule fires a minute after it was made and every minute after that, give or take ten seconds.
const TICK_TIMEOUT_MS = 120_000;
const FIRST_TICK_MS = 10_000;
const SETTLE_TIMEOUT_MS = 30_000;
const STEP_TIMEOUT_MS = 500_000;

let world: DeployedWorld;
let failedStep: string | undefined;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

beforeEach(() => {
  if (failedStep !== undefined) throw new Error(`there is nothing to go on with: "${failedStep}" failed`);
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail' || failedStep !== undefined) return;
  failedStep = task.name;
  console.error(`the last lines of all logs:\n${await world.log()}`);
});

describe('a deployment, from an empty account', { timeout: STEP_TIMEOUT_MS }, () => {
  it('is bootstrapped and deployed as docs/deploy.md says', async () => {
    world.signals.inject({ text: "I'm ready to order, said before anybody listened" });
    await world.cdk(['bootstrap'], READY);
    await world.cdk(DEPLOY, READY);
    expect(await world.topics()).toEqual(expect.arrayContaining([...TOPICS, `${STACK}-operator`]));
    await listen();
  });

  it('starts the app at the first tick of its schedule, silent about what came before', async () => {
    const state = await eventually('the app to be started', TICK_TIMEOUT_MS, world.appState);
    // The state is written before anything is read, and dates of events are whole seconds.
    await delay(state.startMs + FIRST_TICK_MS - Date.now());
    await settled();
    expect(await world.appState()).toMatchObject({ failure: undefined });
    expect(await world.inbox.received()).toEqual([]);
  });

  it('tells what happens next, by e-mail and by SMS', async () => {
    world.signals.inject({ text: "I'm ready to order!" });
    const alerts = await received(2);
    expect(topicsOf(alerts)).toEqual(TOPICS);
    expect(on('email', alerts)).toMatchObject({
      subject: `Spot Store: "I'm ready to order!" - rule ready-to-order`,
      message: expect.stringContaining("> I'm ready to order!"),
    });
    expect(on('sms', alerts).message).toContain(`Spot Store: "I'm ready to order!"`);
  });

  it('is deployed over with a new rule, which alerts, and repeats nothing', async () => {
    await settled();
    await world.cdk(DEPLOY, READY_AND_BUY);
    world.signals.inject({ text: 'Oi, quero comprar' });
    const alerts = (await received(4)).slice(2);
    expect(topicsOf(alerts)).toEqual(TOPICS);
    expect(on('email', alerts).subject).toContain('rule buy');
  });

  it('is destroyed but for its state, which is protected: the table stays, with its rows', async () => {
    await settled();
    const before = await world.rows();
    expect(before).toHaveLength(2);
    await world.cdk(DESTROY_ALERTS, READY_AND_BUY);
    expect(await world.topics()).toEqual([]);
    await expect(world.cdk(DESTROY_STATE, READY_AND_BUY)).rejects.toThrow(
      'cannot be deleted while TerminationProtection is enabled',
    );
    expect(await world.rows()).toEqual(before);
  });

  it('is deployed again, and tells what came in between and nothing twice', async () => {
    world.signals.inject({ text: 'quero comprar, are you there?' });
    await world.cdk(DEPLOY, READY_AND_BUY);
    await listen();
    const alerts = (await received(6)).slice(4);
    expect(topicsOf(alerts)).toEqual(TOPICS);
    expect(on('email', alerts).message).toContain('> quero comprar, are you there?');
    await settled();
    expect(await world.inbox.received()).toHaveLength(6);
  });

  it('is removed as docs/deploy.md says, and leaves its table behind even so', async () => {
    const before = await world.rows();
    expect(before).toHaveLength(3);
    await world.cdk(DESTROY_ALERTS, READY_AND_BUY);
    await world.unprotect();
    await world.cdk(DESTROY_STATE, READY_AND_BUY);
    expect(await world.rows()).toEqual(before);
  });
});

async function listen(): Promise<void> {
  for (const topic of TOPICS) await world.inbox.subscribe(topic);
}

/** Waits until so many messages have come in all; more are an error at the next look. */
async function received(count: number): Promise<readonly Received[]> {
  const all = await eventually(`${count} messages in all`, TICK_TIMEOUT_MS, async () => {
    const found = await world.inbox.received();
    return found.length >= count ? found : undefined;
  });
  expect(all).toHaveLength(count);
  return all;
}

/** Waits until no tick is at work: a function that is replaced in the middle of one would keep its lease. */
async function settled(): Promise<void> {
  await eventually('the app to be released', SETTLE_TIMEOUT_MS, async () => {
    const state = await world.appState();
    return state?.owner === undefined && state?.open.length === 0 ? true : undefined;
  });
}

function topicsOf(alerts: readonly Received[]): readonly string[] {
  return alerts.map(({ topic }) => topic).sort();
}

function on(channel: 'email' | 'sms', alerts: readonly Received[]): Received {
  const found = alerts.find(({ topic }) => topic.endsWith(channel));
  if (found === undefined) throw new Error(`expected an alert by ${channel}, got ${JSON.stringify(alerts)}`);
  return found;
}
