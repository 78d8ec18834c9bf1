import type { AsyncInvoker } from '../bus/async-invoke.ts';
import type { Clock } from '../clock.ts';
import type { ServiceHandler, ServiceRequest, ServiceResponse } from '../endpoint/service.ts';
import { unknownOperation } from '../endpoint/unknown-operation.ts';
import type { Mappings } from '../mappings/mappings.ts';
import type { Stack } from '../stack/model.ts';
import { mappingOperations } from './event-source-mappings.ts';
import { functionOperations } from './function-operations.ts';
import type { FunctionHost } from './host.ts';
import { invokeOperation } from './invoke-operation.ts';
import { type LambdaCall, lambdaCall } from './operations.ts';

export interface LambdaServiceParts {
  readonly functions: FunctionHost;
  readonly mappings: Pick<Mappings, 'states' | 'pause' | 'resume'>;
  readonly asyncInvoker: Pick<AsyncInvoker, 'invokeAsync'>;
  readonly stack: Pick<Stack, 'mappings' | 'region' | 'accountId'>;
  readonly clock: Clock;
}

/** Does one operation of Lambda's API. */
export type LambdaOperation = (
  call: LambdaCall,
  request: ServiceRequest,
) => ServiceResponse | Promise<ServiceResponse>;

/**
 * Lambda's own API, as far as it is run here: Invoke (both ways, and dry), the functions to look at and to give other
 * code, and event source mappings to look at, to pause and to resume.
 */
export function lambdaService(parts: LambdaServiceParts): ServiceHandler {
  const operations: ReadonlyMap<string, LambdaOperation> = new Map([
    ['Invoke', invokeOperation(parts)],
    ...functionOperations(parts),
    ...mappingOperations(parts),
  ]);
  const instead = 'What else there is of a function or a mapping is in the stack: change it and start again.';
  return async (request) => {
    const call = lambdaCall(request);
    const operation = operations.get(call.operation);
    if (operation) return operation(call, request);
    throw unknownOperation(call.operation, instead, operations.keys());
  };
}
