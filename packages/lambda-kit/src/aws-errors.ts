import { Throttled } from '@orderstream/domain';

/** AWS's words for "later", where the status code alone does not say it (they come with 400). */
const LATER = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionConflictException',
  'TransactionInProgressException',
]);

/** The network's words for it, as Node and the SDK's HTTP handler give them in `code` or `name`. */
const NETWORK = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'TimeoutError',
]);

/**
 * An error of an AWS call as the workflow should see it: what passes by itself (throttles, conflicts, server errors, a
 * broken connection) becomes {@link Throttled}, which is retried; anything else stays as it is.
 */
export function asThrottled(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const status = httpStatus(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const passes = LATER.has(error.name) || NETWORK.has(error.name) || NETWORK.has(code) || status >= 500;
  return passes ? new Throttled('AWS', code === '' ? error.name : code, { cause: error }) : error;
}

function httpStatus(error: Error): number {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return 0;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : 0;
}
