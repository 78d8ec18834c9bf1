import { AwsError, type ServiceRequest, type ServiceResponse } from '../endpoint/service.ts';

/** An answer of Lambda's API. */
export function json(status: number, document: unknown): ServiceResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(document) };
}

/** The members of a request. @throws AwsError InvalidRequestContentException when it is no JSON object. */
export function membersOf({ body }: Pick<ServiceRequest, 'body'>): Record<string, unknown> {
  const text = body.length === 0 ? '{}' : body.toString('utf8');
  const parsed = parseJson(text);
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  throw notJson('it is no object');
}

/** @throws AwsError InvalidRequestContentException when it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notJson(String(error));
  }
}

function notJson(problem: string): AwsError {
  return new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${problem}`);
}

/**
 * Refuses by name what is not supported.
 *
 * @throws AwsError InvalidParameterValueException.
 */
export function refuseOthers(
  members: Readonly<Record<string, unknown>>,
  supported: readonly string[],
  instead: string,
): void {
  const others = Object.keys(members).filter((name) => !supported.includes(name));
  if (others.length > 0) throw invalid(`${others.join(', ')} cannot be set here. ${instead}`);
}

export function invalid(problem: string): AwsError {
  return new AwsError('InvalidParameterValueException', problem);
}
