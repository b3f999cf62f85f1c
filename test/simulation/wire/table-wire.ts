import type { Simulation, WireCallKind } from '../simulation-state.ts';
import { type AttributeItem, type ItemKey, keyOf } from './attribute-values.ts';
import { InvalidRequestError } from './expressions.ts';
import { type CallContext, contextOfCall } from './invocation-context.ts';
import type { SdkArrival, SdkReply, SdkRequest, SdkWire } from './sdk-handler.ts';
import { LAG_MAX_MS, type Table } from './table.ts';
import {
  ConditionFailedError,
  OPERATIONS,
  type Operation,
  operate,
  type TableRequest,
} from './table-operations.ts';
import { sendTrip, type Trip } from './trip.ts';

export type TableWireParts = {
  readonly simulation: Simulation;
  readonly table: Table;
  /** Most items in one answer to a query: the table has a limit in bytes, here it is a handful. */
  readonly pageItemsMax: number;
  readonly onWrite: (
    context: CallContext,
    key: ItemKey,
    before: AttributeItem | undefined,
    after: AttributeItem | undefined,
  ) => void;
  readonly onRead: (context: CallContext, key: ItemKey, item: AttributeItem | undefined) => void;
};

/** Troubles by the name of the error that the table answers with, or how the connection ends. */
const REPLIES: Readonly<Record<string, number>> = {
  ProvisionedThroughputExceededException: 400,
  ThrottlingException: 400,
  InternalServerError: 500,
  ServiceUnavailable: 503,
};

/** A table behind a network that fails, as the SDK's client sees it. */
export function tableWire(parts: TableWireParts): SdkWire {
  const { simulation } = parts;
  return async (sdkRequest, giveUpMs) => {
    const context = contextOfCall();
    const operation = operationOf(sdkRequest);
    const request: TableRequest = JSON.parse(bodyText(sdkRequest));
    const kind: WireCallKind = `wire.${operation}`;
    const trip = drawTrip(simulation, operation, giveUpMs);
    const arrival = await sendTrip(simulation, context.life, { kind, about: aboutOf(request) }, trip, () =>
      replyTo(parts, context, operation, request),
    );
    return arrivalOf(arrival);
  };
}

type TableArrival = Awaited<ReturnType<typeof sendTrip<SdkReply>>>;

function arrivalOf(arrival: TableArrival): SdkArrival {
  switch (arrival.kind) {
    case 'answer':
      return { kind: 'reply', reply: arrival.answer };
    case 'trouble': {
      const status = REPLIES[arrival.trouble];
      return status === undefined
        ? { kind: 'reset' }
        : { kind: 'reply', reply: errorReply(status, arrival.trouble) };
    }
    case 'gave-up':
      return arrival;
  }
}

function replyTo(
  { simulation, table, pageItemsMax, onWrite, onRead }: TableWireParts,
  context: CallContext,
  operation: Operation,
  request: TableRequest,
): SdkReply {
  const { time, faults, random } = simulation;
  try {
    const answer = operate(operation, request, {
      table,
      pageItemsMax,
      pastMs: () => time.nowMs() - (faults.fires('ledger-stale') ? random.int(1, LAG_MAX_MS) : 0),
      leavesOut: () => faults.fires('wire-unprocessed-keys'),
      onWrite: (key, before, after) => onWrite(context, key, before, after),
      onRead: (key, item) => onRead(context, key, item),
    });
    return jsonReply(200, answer);
  } catch (error) {
    if (error instanceof ConditionFailedError) return errorReply(400, 'ConditionalCheckFailedException');
    if (error instanceof InvalidRequestError) return errorReply(400, 'ValidationException', error.message);
    throw error;
  }
}

const WRITES: ReadonlySet<Operation> = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

function drawTrip(simulation: Simulation, operation: Operation, giveUpMs: number): Trip {
  const { faults, random } = simulation;
  const trip = { thereMs: random.int(1, 12), backMs: random.int(1, 12), giveUpMs };
  const trouble = drawTrouble(simulation) ?? (WRITES.has(operation) ? drawLostAnswer(simulation) : undefined);
  if (trouble !== undefined) return { ...trip, ...trouble };
  const calm = { ...trip, applied: 'now', trouble: undefined } as const;
  if (faults.fires('ledger-hangs')) {
    const longMs = random.int(5_000, 60_000);
    return random.chance(0.5) ? { ...calm, backMs: longMs } : { ...calm, thereMs: longMs };
  }
  return faults.fires('ledger-slow') ? { ...calm, backMs: random.int(200, 4_000) } : calm;
}

function drawTrouble({ faults, random }: Simulation): Pick<Trip, 'applied' | 'trouble'> | undefined {
  const perhaps = (): 'now' | 'never' => (random.chance(0.5) ? 'now' : 'never');
  if (faults.fires('wire-throttled')) {
    const trouble = random.pick(['ProvisionedThroughputExceededException', 'ThrottlingException']);
    return { applied: 'never', trouble };
  }
  if (faults.fires('ledger-error')) return { applied: 'never', trouble: 'InternalServerError' };
  if (faults.fires('wire-reset')) return { applied: perhaps(), trouble: 'reset' };
  if (faults.fires('wire-server-error')) return { applied: perhaps(), trouble: 'ServiceUnavailable' };
  return undefined;
}

function drawLostAnswer({ faults }: Simulation): Pick<Trip, 'applied' | 'trouble'> | undefined {
  if (faults.fires('ledger-applied-error')) return { applied: 'now', trouble: 'InternalServerError' };
  return faults.fires('ledger-applied-late') ? { applied: 'late', trouble: 'reset' } : undefined;
}

/** @throws Error for an operation that is not modelled. */
function operationOf({ headers }: SdkRequest): Operation {
  const target = headers['x-amz-target']?.split('.')[1];
  const operation = OPERATIONS.find((one) => one === target);
  if (operation === undefined) throw new Error(`the operation ${target} is not modelled`);
  return operation;
}

function aboutOf({ Key, Item, KeyConditionExpression, RequestItems }: TableRequest): string {
  const named = Key ?? Item;
  if (named !== undefined) {
    const { pk, sk } = keyOf(named);
    return `${pk}|${sk}`;
  }
  if (KeyConditionExpression !== undefined) return KeyConditionExpression;
  return `${Object.values(RequestItems ?? {}).flatMap(({ Keys }) => Keys).length} keys`;
}

function jsonReply(status: number, value: unknown): SdkReply {
  return { status, contentType: 'application/x-amz-json-1.0', body: JSON.stringify(value) };
}

function errorReply(status: number, name: string, message = `modelled: ${name}`): SdkReply {
  return jsonReply(status, { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message });
}

/** The SDK hands over text or bytes. */
export function bodyText({ body }: SdkRequest): string {
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  return typeof body === 'string' ? body : '';
}
