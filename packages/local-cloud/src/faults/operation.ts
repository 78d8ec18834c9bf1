import type { ServiceRequest } from '../endpoint/service.ts';
import { pathStyle } from '../queues/http.ts';
import { s3Operation } from '../queues/s3-operation.ts';

/** The operation that a call is for, as a fault file names it, also where a service's protocol carries no name. */
export function operationOf(request: ServiceRequest): string {
  switch (request.service) {
    case 's3':
      return s3Operation(request, pathStyle(request)) ?? request.operation;
    case 'ses':
      return request.url.startsWith('/v2/email/outbound-emails') ? 'SendEmail' : request.operation;
    default:
      return request.operation;
  }
}
