import type { ServiceHandler } from '../endpoint/service.ts';
import { unknownOperation } from '../endpoint/unknown-operation.ts';
import { aliasOperations } from './alias-operations.ts';
import { mappingOperations } from './event-source-mappings.ts';
import { functionOperations } from './function-operations.ts';
import { invokeOperation } from './invoke-operation.ts';
import type { LambdaOperation, LambdaServiceParts } from './lambda-operation.ts';
import { lambdaCall } from './operations.ts';

/**
 * Lambda's own API, as far as it is run here: Invoke (both ways, and dry), the functions and their aliases to look
 * at, other code to give them, and event source mappings to look at, to pause and to resume.
 */
export function lambdaService(parts: LambdaServiceParts): ServiceHandler {
  const operations: ReadonlyMap<string, LambdaOperation> = new Map([
    ['Invoke', invokeOperation(parts)],
    ...functionOperations(parts),
    ...aliasOperations(parts),
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
