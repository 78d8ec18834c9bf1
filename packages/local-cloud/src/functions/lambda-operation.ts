import type { AsyncInvoker } from '../bus/async-invoke.ts';
import type { Clock } from '../clock.ts';
import type { ServiceRequest, ServiceResponse } from '../endpoint/service.ts';
import type { Mappings } from '../mappings/mappings.ts';
import type { Stack } from '../stack/model.ts';
import type { FunctionHost } from './host.ts';
import type { LambdaCall } from './operations.ts';

/** What the operations of Lambda's API work with. */
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
