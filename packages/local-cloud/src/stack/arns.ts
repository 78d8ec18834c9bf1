import { createHash } from 'node:crypto';
import type { Place } from './resource-type.ts';

/** `arn:aws:service:region:account:resource`. */
export function arn(service: string, resource: string, place: Pick<Place, 'region' | 'accountId'>): string {
  return `arn:aws:${service}:${place.region}:${place.accountId}:${resource}`;
}

/** The ARN with which API Gateway invokes a function. */
export function invokeArn(functionArn: string, place: Pick<Place, 'region'>): string {
  return `arn:aws:apigateway:${place.region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

/** The bare function name in a name, a function's or alias's ARN, or an invoke ARN. */
export function functionNameIn(reference: string): string {
  const functionArn = /:path\/[\d-]+\/functions\/(.+)\/invocations$/.exec(reference)?.[1] ?? reference;
  const named = /^arn:aws:lambda:[^:]*:[^:]*:function:(.+)$/.exec(functionArn)?.[1] ?? functionArn;
  return named.split(':', 1).join('');
}

/** Ten letters and digits that stay the same for one resource, as API Gateway's ids look. */
export function shortId(address: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(address).digest('hex')}`).toString(36);
  return digits.slice(0, 10).padStart(10, '0');
}
