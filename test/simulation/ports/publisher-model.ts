import { createHash } from 'node:crypto';
import type { Target } from '../../../lib/domain/identity.ts';
import { type AlertRow, formatKey, type TargetState } from '../../../lib/domain/ledger-row.ts';
import type { Message } from '../../../lib/domain/render/message.ts';
import type { Publisher, PublishOutcome } from '../../../lib/ports/publisher.ts';
import { snsRefuses } from '../../fixtures/sns-rules.ts';
import { MINUTE_MS } from '../history.ts';
import { type Life, type Simulation, violate } from '../simulation-state.ts';
import { throughGate } from './gate.ts';

/** One publish as it left, with the rows it speaks of. */
export type Published = {
  readonly life: Life;
  readonly target: Target;
  readonly message: Message;
  readonly startedMs: number;
  /** Undefined: SNS did not take it. */
  messageId: string | undefined;
  /** What the invocation was told; undefined while it was not told. */
  told: PublishOutcome['kind'] | undefined;
  rowIds: readonly string[];
};

export type PublisherModel = {
  readonly publisherOf: (life: Life) => Publisher;
  readonly published: readonly Published[];
  readonly byMessageId: ReadonlyMap<string, Published>;
};

type Outcome = { readonly outcome: PublishOutcome; readonly applied: boolean };

/** Publishes to topics that take, refuse, or leave one in the dark. `onPublish` is called as each one leaves. */
export function publisherModel(
  simulation: Simulation,
  onPublish: (published: Published) => void,
): PublisherModel {
  const { time, faults, random } = simulation;
  const published: Published[] = [];
  const byMessageId = new Map<string, Published>();
  const outages = new Map<Target, number>();

  function isAway(target: Target): boolean {
    const nowMs = time.nowMs();
    if (target.endsWith('/email') && faults.fires('sns-gone')) simulation.gone.add(target);
    if (faults.fires('sns-outage')) outages.set(target, nowMs + random.int(1, 10) * MINUTE_MS);
    return simulation.gone.has(target) || (outages.get(target) ?? 0) > nowMs;
  }

  function outcomeOf(one: Published, message: Message): Outcome {
    if (isAway(one.target)) return refused(true, 'NotFound: topic does not exist');
    if (faults.fires('sns-refused')) return refused(true, 'Throttled');
    const invalid = isFallback(message) ? 'sns-invalid-plain' : 'sns-invalid';
    if (faults.fires(invalid)) return refused(false, 'InvalidParameter');
    const unknown = { kind: 'unknown', because: 'no answer' } as const;
    if (faults.fires('sns-unknown-lost')) return { outcome: unknown, applied: false };
    if (faults.fires('sns-unknown-applied')) return { outcome: unknown, applied: true };
    return { outcome: { kind: 'accepted', messageId: `message-${byMessageId.size + 1}` }, applied: true };
  }

  function publish(life: Life, target: Target, message: Message): Promise<PublishOutcome> {
    if (life.end !== 'running') return new Promise(() => undefined);
    const one: Published = {
      life,
      target,
      message,
      startedMs: time.nowMs(),
      messageId: undefined,
      told: undefined,
      rowIds: rowsOf(simulation, { life, target, published }, message),
    };
    published.push(one);
    onPublish(one);
    const refusals = snsRefuses(inputOf(message));
    if (refusals.length > 0) violate(simulation, 'I6', refusals.join('; '));
    const backMs = faults.fires('sns-slow') ? random.int(500, 4_400) : random.int(5, 60);
    return throughGate(simulation, life, 'publisher.publish', target, { thereMs: 3, backMs }, async () => {
      const { outcome, applied } = outcomeOf(one, message);
      if (applied) {
        one.messageId = `message-${byMessageId.size + 1}`;
        byMessageId.set(one.messageId, one);
      }
      simulation.trace.add(`${time.nowMs()} ${target} ${outcome.kind} ${one.rowIds.join()}`);
      one.told = outcome.kind;
      return outcome;
    });
  }

  return {
    publisherOf: (life) => ({ publish: (target, message) => publish(life, target, message) }),
    published,
    byMessageId,
  };
}

function refused(heals: boolean, because: string): Outcome {
  return { outcome: { kind: 'refused', heals, because }, applied: false };
}

function inputOf(message: Message): Parameters<typeof snsRefuses>[0] {
  return message.channel === 'email'
    ? { Subject: message.subject, Message: message.body }
    : {
        Message: message.body,
        MessageAttributes: { 'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' } },
      };
}

/** Plain text in place of one that was refused as invalid. */
export function isFallback({ body }: Message): boolean {
  return body.includes('could not be shown in full.') || body.startsWith('Alert: rule ');
}

type Told = { readonly life: Life; readonly target: Target; readonly published: readonly Published[] };

/** The rows a message speaks of: those in play under its invocation whose reference it shows, or all it counts. */
export function rowsOf(simulation: Simulation, told: Told, message: Message): readonly string[] {
  const counted = /^(\d+) alerts/.exec(message.body)?.[1];
  if (counted !== undefined && message.channel === 'sms')
    return countedRows(simulation, told, Number(counted));
  const { life, target } = told;
  const inPlay = [...life.inPlay.values()].filter((row) => isDeliverable(life, row.to[target]));
  const references = message.body.match(/\b[0-9a-f]{2}-[0-9a-f]{8}\b/g) ?? [];
  const text = JSON.stringify(message);
  const nowMs = simulation.time.nowMs() + life.skewMs;
  /** What is due first, of that the rule it names, then the one with fewer attempts. */
  const rank = (row: AlertRow): number =>
    (isDue(row.to[target], nowMs) ? 0 : 1_000_000) +
    (namesRule(text, row.facts.rule) ? 0 : 1_000) +
    attemptCount(told, formatKey(row.key));
  const rows = new Set<AlertRow>();
  for (const reference of references) {
    const candidates = inPlay.filter((row) => referenceOf(row) === reference && !rows.has(row));
    const chosen = candidates.sort((a, b) => rank(a) - rank(b))[0];
    if (chosen !== undefined) rows.add(chosen);
    else violate(simulation, 'S3', `a message names ${reference}, which no row read allows`);
  }
  return [...rows].map((row) => formatKey(row.key));
}

function isDue(state: TargetState | undefined, nowMs: number): boolean {
  return state?.is !== 'held' || state.untilMs <= nowMs;
}

/** An e-mail says `Rule: NAME` or `rule NAME`, an SMS the name alone where it has room for it. */
function namesRule(text: string, rule: string): boolean {
  return [`Rule: ${rule}`, `rule ${rule}`, ` ${rule} Ref`].some((name) => text.includes(name));
}

/** A digest by SMS only counts: it must count what was listed and is held and due, give or take the last moments. */
function countedRows(simulation: Simulation, { life, target }: Told, count: number): readonly string[] {
  const nowMs = simulation.time.nowMs() + life.skewMs;
  const due = [...life.listed].flatMap(([id, listedMs]) => {
    const rowId = id.slice(target.length + 1);
    const state = life.inPlay.get(rowId)?.to[target];
    return id.startsWith(`${target} `) && state?.is === 'held' && state.untilMs <= nowMs
      ? [{ rowId, untilMs: state.untilMs, isCertain: state.untilMs <= listedMs }]
      : [];
  });
  if (count > due.length || count < due.filter((one) => one.isCertain).length) {
    violate(simulation, 'S3', `a digest counts ${count} alerts, ${due.length} are due`);
  }
  return due
    .sort((a, b) => a.untilMs - b.untilMs)
    .slice(0, count)
    .map((one) => one.rowId);
}

function attemptCount({ life, target, published }: Told, rowId: string): number {
  return published.filter((one) => one.life === life && one.target === target && one.rowIds.includes(rowId))
    .length;
}

/** A poll publishes what is open, a digest what is held. */
function isDeliverable({ kind }: Life, state: TargetState | undefined): boolean {
  return state?.is === (kind === 'poll' ? 'open' : 'held');
}

/** What a message quotes of a row: two digits of the app's hash, eight of the event's. */
function referenceOf({ facts }: AlertRow): string {
  const app = createHash('sha256').update(facts.app).digest('hex').slice(0, 2);
  return `${app}-${facts.event.slice(0, 8)}`;
}
