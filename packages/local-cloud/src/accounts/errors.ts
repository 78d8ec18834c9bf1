import { AwsError } from '../endpoint/service.ts';

/** IAM's errors, with the statuses of its API reference. */
export function noSuchEntity(what: string): AwsError {
  return new AwsError('NoSuchEntity', `${what} cannot be found.`, 404);
}

export function alreadyExists(what: string): AwsError {
  return new AwsError('EntityAlreadyExists', `${what} already exists.`, 409);
}

export function limitExceeded(quota: string, most: number): AwsError {
  return new AwsError('LimitExceeded', `Cannot exceed quota for ${quota}: ${most}`, 409);
}

export function deleteConflict(why: string): AwsError {
  return new AwsError('DeleteConflict', why, 409);
}

/**
 * A policy as it is kept. White space does not count.
 * @throws AwsError MalformedPolicyDocument, LimitExceeded
 */
export function policyText(text: string, quota: string, most: number): string {
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError('MalformedPolicyDocument', 'Syntax errors in policy.', 400);
  }
  if (text.replaceAll(/\s/g, '').length > most) throw limitExceeded(quota, most);
  return text;
}
