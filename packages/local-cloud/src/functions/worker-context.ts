import type { InvocationRequest } from './protocol.ts';

export type Handler = (event: unknown, context: object) => unknown;

/**
 * The context object that nodejs24.x hands to a handler. The functions of the callback days (`done`, `succeed`,
 * `fail`) are gone there; nothing is waited for, whatever `callbackWaitsForEmptyEventLoop` says.
 */
export function contextOf(request: InvocationRequest): object {
  const deadline = Date.now() + request.timeoutMs;
  return {
    awsRequestId: request.requestId,
    invokedFunctionArn: request.functionArn,
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: request.functionVersion,
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    clientContext: undefined,
    identity: undefined,
    tenantId: undefined,
    xRayTraceId: request.trace,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}
