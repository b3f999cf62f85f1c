import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Telemetry } from '../../ports/telemetry.ts';
import { redact } from './redact.ts';

/** Structured lines and embedded metrics on standard output, where CloudWatch picks them up. */
export function powertoolsTelemetry(logger: Logger, metrics: Metrics): Telemetry {
  return {
    count: (measure, value) => {
      metrics.addMetric(measure, measure === 'LagMs' ? MetricUnit.Milliseconds : MetricUnit.Count, value);
    },
    log: (level, message, details) => {
      logger[level](message, redact(details));
    },
  };
}
