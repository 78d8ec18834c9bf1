import type { AsyncInvoker } from '../bus/async-invoke.ts';
import {
  AwsError,
  type ServiceHandler,
  type ServiceRequest,
  type ServiceResponse,
} from '../endpoint/service.ts';
import type { Mappings } from '../mappings/mappings.ts';
import { isMappingCall, mappingCall } from './event-source-mappings.ts';
import type { FunctionHost } from './host.ts';
import type { InvokeCause } from './invoker.ts';

export interface LambdaServiceParts {
  readonly functions: FunctionHost;
  readonly mappings: Pick<Mappings, 'states' | 'pause' | 'resume'>;
  readonly asyncInvoker: Pick<AsyncInvoker, 'invokeAsync'>;
}

const FUNCTIONS = /^\/2015-03-31\/functions\/?(?:([^/?]+)\/invocations)?(?:\?|$)/;
/** Bytes of an event: 6 MB, and 1 MB where nobody waits for the answer. */
const LARGEST_EVENT = { RequestResponse: 6 * 1024 * 1024, Event: 1024 * 1024 };

/**
 * Lambda's own API, as far as it is run here: Invoke (both ways, and dry), ListFunctions, and event source mappings to
 * look at, to pause and to resume.
 */
export function lambdaService(parts: LambdaServiceParts): ServiceHandler {
  return async (request) => {
    const [, name] = FUNCTIONS.exec(request.url) ?? [request.url];
    if (request.method === 'POST' && name !== undefined)
      return invoke(parts, request, decodeURIComponent(name));
    if (request.method === 'GET' && FUNCTIONS.test(request.url)) return listFunctions(parts);
    if (isMappingCall(request)) return mappingCall(request, parts);
    const call = `${request.method} ${request.url}`;
    throw new AwsError(
      'UnknownOperationException',
      `${call}: of Lambda, Invoke, ListFunctions and List-, Get- and UpdateEventSourceMapping are run here.`,
      404,
    );
  };
}

async function invoke(
  { functions, asyncInvoker }: LambdaServiceParts,
  request: ServiceRequest,
  name: string,
): Promise<ServiceResponse> {
  const cause: InvokeCause = {
    kind: 'call',
    name: request.caller.name,
    trace: request.headers['x-amzn-trace-id'],
  };
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type === 'DryRun') return { status: 204, headers: {}, body: '' };
  if (type !== 'RequestResponse' && type !== 'Event') {
    throw new AwsError('InvalidParameterValueException', `Invocation type ${type} is not supported.`);
  }
  const payload = eventOf(request, LARGEST_EVENT[type]);
  if (type === 'Event') {
    const requestId = asyncInvoker.invokeAsync(name, payload, cause);
    return { status: 202, headers: { 'x-amzn-requestid': requestId }, body: '' };
  }
  const result = await functions.invoke(name, payload, cause);
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': result.requestId,
      'x-amz-executed-version': '$LATEST',
      ...(result.functionError && { 'x-amz-function-error': result.functionError }),
    },
    body: result.payload,
  };
}

/** The event's JSON text; a call without a body sends an empty event. */
function eventOf({ body }: ServiceRequest, largest: number): string {
  if (body.length > largest) {
    const message = `${body.length} byte payload is too large for the invocation (limit ${largest} bytes)`;
    throw new AwsError('RequestTooLargeException', message, 413);
  }
  const text = body.length === 0 ? '{}' : body.toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    const message = `Could not parse request body into json: ${String(error)}`;
    throw new AwsError('InvalidRequestContentException', message);
  }
}

function listFunctions({ functions }: LambdaServiceParts): ServiceResponse {
  const Functions = functions.functions.map((config) => ({
    FunctionName: config.name,
    FunctionArn: config.arn,
    Runtime: config.runtime,
    Role: config.roleArn,
    Handler: config.handler,
    Timeout: config.timeoutSeconds,
    MemorySize: config.memoryMb,
    Version: '$LATEST',
    PackageType: 'Zip',
    Environment: { Variables: config.environment },
  }));
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Functions, NextMarker: null }),
  };
}
