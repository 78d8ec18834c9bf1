import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';

/**
 * The function's logger, one JSON line a call; its service name is POWERTOOLS_SERVICE_NAME, its level LOG_LEVEL.
 * Log ids, statuses, counts and our own errors: never a mail address, name, street, payment token or whole order.
 */
export const logger = new Logger();

/** The function's metrics (CloudWatch's embedded format, in the namespace POWERTOOLS_METRICS_NAMESPACE). */
export const metrics = /* @__PURE__ */ new Metrics();
