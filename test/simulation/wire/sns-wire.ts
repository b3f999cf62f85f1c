import type { Target } from '../../../lib/domain/identity.ts';
import type { Message } from '../../../lib/domain/render/message.ts';
import { snsRefuses } from '../../fixtures/sns-rules.ts';
import type { FaultKind } from '../faults.ts';
import { MINUTE_MS } from '../history.ts';
import { isFallback, type Published, rowsOf } from '../ports/publisher-model.ts';
import { type Life, type Simulation, violate } from '../simulation-state.ts';
import { contextOfCall } from './invocation-context.ts';
import type { SdkArrival, SdkReply, SdkWire } from './sdk-handler.ts';
import { acceptance, ERRORS, type ErrorCode, refusal } from './sns-replies.ts';
import { messageOf, type PublishRequest, parsePublish } from './sns-request.ts';
import { bodyText } from './table-wire.ts';
import { sendTrip, type Trip } from './trip.ts';

/** SNS as the SDK's client sees it, and what it took. */
export type SnsWire = {
  readonly wire: SdkWire;
  readonly published: readonly Published[];
  readonly byMessageId: ReadonlyMap<string, Published>;
};

/** What may be said of a publish that is not taken, and stays that way for a while. */
const REFUSALS: readonly (readonly [FaultKind, readonly ErrorCode[]])[] = [
  ['sns-refused', ['Throttled', 'Throttling']],
  [
    'wire-sns-kms',
    ['KMSThrottling', 'KMSDisabled', 'KMSAccessDenied', 'KMSInvalidState', 'KMSOptInRequired'],
  ],
  ['wire-sns-denied', ['AuthorizationError', 'ExpiredToken']],
];

/** How the answer to one that is taken does not come. */
const LOST_ANSWERS: readonly (readonly [FaultKind, string])[] = [
  ['sns-unknown-applied', 'InternalError'],
  ['wire-sns-reset', 'reset'],
  ['wire-sns-no-id', 'no-id'],
  ['wire-sns-html', 'html'],
];

/** Topics that take, refuse, or leave one in the dark. `onPublish` is called as each request leaves. */
export function snsWire(simulation: Simulation, onPublish: (published: Published) => void): SnsWire {
  const { time, faults, random } = simulation;
  const published: Published[] = [];
  const byMessageId = new Map<string, Published>();
  const outages = new Map<Target, number>();

  function isAway(target: Target): boolean {
    if (target.endsWith('/email') && faults.fires('sns-gone')) simulation.gone.add(target);
    if (faults.fires('sns-outage')) outages.set(target, time.nowMs() + random.int(1, 10) * MINUTE_MS);
    return simulation.gone.has(target) || (outages.get(target) ?? 0) > time.nowMs();
  }

  function refusalOf(target: Target, message: Message): ErrorCode | undefined {
    if (isAway(target)) return 'NotFound';
    const fired = REFUSALS.find(([kind]) => faults.fires(kind));
    if (fired !== undefined) return random.pick(fired[1]);
    return faults.fires(isFallback(message) ? 'sns-invalid-plain' : 'sns-invalid')
      ? 'InvalidParameter'
      : undefined;
  }

  /** What becomes of a publish that is not refused. */
  function drawTrouble(): Pick<Trip, 'applied' | 'trouble'> {
    if (faults.fires('sns-unknown-lost')) {
      return { applied: 'never', trouble: random.pick(['InternalError', 'reset', 'unavailable']) };
    }
    const fired = LOST_ANSWERS.find(([kind]) => faults.fires(kind));
    return { applied: 'now', trouble: fired?.[1] };
  }

  function drawTrip(target: Target, message: Message, giveUpMs: number): Trip {
    const backMs = faults.fires('sns-slow') ? random.int(500, 6_000) : random.int(5, 60);
    const refused = refusalOf(target, message);
    const trouble = refused === undefined ? drawTrouble() : { applied: 'never' as const, trouble: refused };
    return { thereMs: 3, backMs, giveUpMs, ...trouble };
  }

  function note(life: Life, request: PublishRequest): Published {
    const { target } = request;
    const message = messageOf(request);
    const rowIds = rowsOf(simulation, { life, target, published }, message);
    const startedMs = time.nowMs();
    const one: Published = {
      life,
      target,
      message,
      startedMs,
      messageId: undefined,
      told: undefined,
      rowIds,
    };
    published.push(one);
    onPublish(one);
    const refusals = snsRefuses(request.input);
    if (refusals.length > 0) violate(simulation, 'I6', refusals.join('; '));
    return one;
  }

  function accept(one: Published): SdkReply {
    one.messageId = `message-${byMessageId.size + 1}`;
    byMessageId.set(one.messageId, one);
    return acceptance(one.messageId);
  }

  const wire: SdkWire = async (sdkRequest, giveUpMs) => {
    const { life, notes } = contextOfCall();
    // What stands still for good makes no request.
    if (life.end !== 'running') return new Promise(() => undefined);
    const request = parsePublish(bodyText(sdkRequest));
    const one = note(life, request);
    notes.push(one);
    const trip = drawTrip(request.target, messageOf(request), giveUpMs);
    const about = `${request.target} ${one.rowIds.join()}`;
    const sent = { kind: 'wire.Publish', about } as const;
    return arrivalOf(await sendTrip(simulation, life, sent, trip, () => accept(one)));
  };

  return { wire, published, byMessageId };
}

function arrivalOf(arrival: Awaited<ReturnType<typeof sendTrip<SdkReply>>>): SdkArrival {
  switch (arrival.kind) {
    case 'answer':
      return { kind: 'reply', reply: arrival.answer };
    case 'gave-up':
      return arrival;
    case 'trouble':
      return troubled(arrival.trouble);
  }
}

function troubled(trouble: string): SdkArrival {
  const html = '<html><body>It works!</body></html>';
  switch (trouble) {
    case 'reset':
      return { kind: 'reset' };
    case 'no-id':
      return { kind: 'reply', reply: acceptance(undefined) };
    case 'html':
      return { kind: 'reply', reply: { status: 200, contentType: 'text/html', body: html } };
    case 'unavailable':
      return { kind: 'reply', reply: { status: 503, contentType: 'text/html', body: html } };
    default:
      return { kind: 'reply', reply: refusal(codeOf(trouble)) };
  }
}

function codeOf(trouble: string): ErrorCode {
  const code = (Object.keys(ERRORS) as ErrorCode[]).find((one) => one === trouble);
  if (code === undefined) throw new Error(`SNS has no error ${trouble}`);
  return code;
}
