import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { pollShard } from '../lib/use-cases/poll-shard.ts';
import { compose } from './composition.ts';

const { ports, rulebook, paceOf, shard, invocationOf, logger, metrics } = compose(
  process.env,
  import.meta.url,
);

/** One tick of one shard of apps. Carries no data: a lost, doubled or late one is made good by the next. */
export const handler = middy<{ readonly shard: number }, void>(
  (event: { readonly shard: number }, context: Context) =>
    pollShard(ports, rulebook, shard(event.shard), paceOf(event.shard), invocationOf(context)),
  // Middy's own early time-out would reject while publishes are being recorded; deadlines are kept inside.
  { timeoutEarlyInMillis: 0 },
)
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
