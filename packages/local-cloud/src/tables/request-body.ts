import { AwsError } from '../endpoint/service.ts';

/** A request's JSON. @throws AwsError when it is none. */
export function jsonBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new AwsError('SerializationException', 'The request is not JSON.');
  }
}
