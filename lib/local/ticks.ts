import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';

/** How long a local invocation may take: leases of a killed run end this much later and a little more. */
const INVOCATION_MS = 20_000;

type Handler<Input> = (event: Input, context: Context) => Promise<void>;

/** The deployed functions, as the schedules invoke them. */
export type Handlers = {
  readonly poll: Handler<{ readonly shard: number }>;
  readonly digest: Handler<Record<string, never>>;
};

/** One round of what the schedules do in the cloud: every shard, and the digest. Returns what went wrong. */
export async function tickOnce(handlers: Handlers, shardCount: number): Promise<readonly string[]> {
  const results = await Promise.allSettled([
    ...Array.from({ length: shardCount }, (_, shard) => handlers.poll({ shard }, contextOf('poll'))),
    handlers.digest({}, contextOf('digest')),
  ]);
  return results.flatMap((result) => (result.status === 'rejected' ? [reasonOf(result.reason)] : []));
}

/** What Lambda tells a function about its invocation, as far as the functions ask. */
function contextOf(functionName: string): Context {
  const killAtMs = Date.now() + INVOCATION_MS;
  return {
    awsRequestId: randomUUID(),
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB: '512',
    logGroupName: functionName,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => killAtMs - Date.now(),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
