import { AwsError } from '../endpoint/service.ts';
import { isLargerThan, PAYLOAD_LIMIT_BYTES } from './task.ts';

/** Whitespace, brackets, wildcards and special characters; control characters, surrogates, U+FFFE and U+FFFF. */
const FORBIDDEN_IN_NAMES = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\p{Cs}\u{10000}-\u{10ffff}\ufffe\uffff]/u;

/**
 * @throws AwsError InvalidName
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export function checkExecutionName(name: string): void {
  if (name === '' || name.length > 80 || FORBIDDEN_IN_NAMES.test(name))
    throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}

/** @throws AwsError InvalidExecutionInput for what is not JSON, ValidationException for what is too long. */
export function checkExecutionInput(input: string): void {
  if (isLargerThan(input, PAYLOAD_LIMIT_BYTES))
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${PAYLOAD_LIMIT_BYTES}`,
    );
  try {
    JSON.parse(input);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${reason}'`);
  }
}
