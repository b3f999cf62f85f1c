import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { flushHeld } from '../lib/use-cases/flush-held.ts';
import { compose } from './composition.ts';

const { ports, rulebook, paceOf, digestIndex, invocationOf, logger, metrics } = compose(
  process.env,
  import.meta.url,
);

/** One tick of the digest: publishes what is held and now due. Carries no data. */
export const handler = middy<unknown, void>(
  (_event: unknown, context: Context) =>
    flushHeld(ports, rulebook, paceOf(digestIndex), invocationOf(context)),
  // Middy's own early time-out would reject while publishes are being recorded; deadlines are kept inside.
  { timeoutEarlyInMillis: 0 },
)
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
