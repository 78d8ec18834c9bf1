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

/** What a reference to a function names. */
export interface FunctionReference {
  /** The bare name. */
  readonly functionName: string;
  /** An alias or a version; undefined where the function is named as such. */
  readonly qualifier: string | undefined;
}

/** Reads a name, a function's or alias's ARN, or an invoke ARN; a name may end with a qualifier, too (`api:live`). */
export function functionReference(reference: string): FunctionReference {
  const functionArn = /:path\/[\d-]+\/functions\/(.+)\/invocations$/.exec(reference)?.[1] ?? reference;
  const named = /^arn:aws:lambda:[^:]*:[^:]*:function:(.+)$/.exec(functionArn)?.[1] ?? functionArn;
  const [functionName = '', qualifier] = named.split(':', 2);
  return { functionName, qualifier };
}

/** The bare function name in a name, a function's or alias's ARN, or an invoke ARN. */
export function functionNameIn(reference: string): string {
  return functionReference(reference).functionName;
}

/** What is given to an invoker: the function with the qualifier that something calls it by. */
export function calledBy({
  functionName,
  qualifier,
}: {
  readonly functionName: string;
  readonly qualifier?: string | undefined;
}): string {
  return qualified(functionName, qualifier);
}

/** A function's name or ARN with a qualifier behind it, where there is one. */
export function qualified(function_: string, qualifier: string | undefined): string {
  return qualifier === undefined ? function_ : `${function_}:${qualifier}`;
}

/** Ten letters and digits that stay the same for one resource, as API Gateway's ids look. */
export function shortId(address: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(address).digest('hex')}`).toString(36);
  return digits.slice(0, 10).padStart(10, '0');
}
