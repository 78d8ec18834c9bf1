import { AwsError, type ServiceRequest, type ServiceResponse } from '../endpoint/service.ts';
import type { InvokeCause, InvokeResult } from './invoker.ts';
import type { LambdaOperation, LambdaServiceParts } from './lambda-operation.ts';
import { LATEST } from '../stack/versions.ts';
import { calledFunction } from './operations.ts';
import { invalid, parseJson } from './rest-json.ts';

/** Bytes of an event: 6 MB, and 1 MB where nobody waits for the answer. */
const LARGEST_EVENT = { RequestResponse: 6 * 1024 * 1024, Event: 1024 * 1024 };

/**
 * Invoke: waiting for the answer, asynchronously, or dry.
 *
 * Source: docs.aws.amazon.com/lambda/latest/api/API_Invoke.html.
 */
export function invokeOperation({
  functions,
  asyncInvoker,
}: Pick<LambdaServiceParts, 'functions' | 'asyncInvoker'>): LambdaOperation {
  return async (call, request) => {
    const reference = calledFunction(call);
    const { headers } = request;
    if (headers['x-amz-client-context'] !== undefined) {
      throw invalid('ClientContext is not supported here. Send what the function needs in the event.');
    }
    const cause: InvokeCause = {
      kind: 'call',
      name: request.caller.name,
      trace: headers['x-amzn-trace-id'],
    };
    const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (type === 'DryRun') {
      functions.describe(reference);
      return { status: 204, headers: {}, body: '' };
    }
    if (type === 'Event') {
      const requestId = await asyncInvoker.invokeAsync(reference, eventOf(request, type), cause);
      return { status: 202, headers: { 'x-amzn-requestid': requestId }, body: '' };
    }
    if (type !== 'RequestResponse') throw invalid(`Invocation type ${type} is not supported.`);
    const event = eventOf(request, type);
    if (headers['x-amz-log-type'] !== 'Tail') return answer(await functions.invoke(reference, event, cause));
    const tail = functions.tail();
    try {
      const result = await functions.invoke(reference, event, { ...cause, requestId: tail.requestId });
      return answer(result, { 'x-amz-log-result': tail.text().toString('base64') });
    } finally {
      tail.end();
    }
  };
}

function answer(
  { requestId, functionError, payload, executedVersion = LATEST }: InvokeResult,
  more: Readonly<Record<string, string>> = {},
): ServiceResponse {
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      'x-amz-executed-version': executedVersion,
      ...(functionError && { 'x-amz-function-error': functionError }),
      ...more,
    },
    body: payload,
  };
}

/** The event's JSON text; a call without a body sends an empty event. */
function eventOf({ body }: ServiceRequest, type: keyof typeof LARGEST_EVENT): string {
  if (body.length > LARGEST_EVENT[type]) throw tooLarge(body.length, type);
  const text = body.length === 0 ? '{}' : body.toString('utf8');
  parseJson(text);
  return text;
}

function tooLarge(length: number, type: keyof typeof LARGEST_EVENT): AwsError {
  const largest = LARGEST_EVENT[type];
  const message =
    type === 'Event'
      ? `${length} byte payload is too large for the Event invocation type (limit ${largest} bytes)`
      : `Request must be smaller than ${largest} bytes for the InvokeFunction operation`;
  return new AwsError('RequestEntityTooLargeException', message, 413);
}
