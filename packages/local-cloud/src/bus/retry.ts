import { AwsError } from '../endpoint/service.ts';
import type { RuleTarget } from '../stack/model.ts';

/** Why a delivery failed, in the words of EventBridge's dead letters, and whether trying again may help. */
interface Failure {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** An event that is not tried again. */
export interface GivenUp extends Omit<Failure, 'retryable'> {
  /** Set when retries had been worth it and ran out. */
  readonly exhausted: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | undefined;
}

const CODES: Readonly<Record<string, string>> = {
  ResourceNotFoundException: 'NO_RESOURCE',
  QueueDoesNotExist: 'NO_RESOURCE',
  NotFound: 'NO_RESOURCE',
  StateMachineDoesNotExist: 'NO_RESOURCE',
  AccessDenied: 'NO_PERMISSIONS',
  AccessDeniedException: 'NO_PERMISSIONS',
  AuthorizationError: 'NO_PERMISSIONS',
  TooManyRequestsException: 'THROTTLING',
  ThrottlingException: 'THROTTLING',
  InvalidJson: 'INVALID_JSON',
};

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 10 * 60_000;

/**
 * What follows a failed try: the delay before the next, in milliseconds, or giving up. Missing permissions and missing
 * resources are not retried: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 * @param retries how many tries after the first there were. @param ageMs time since the bus accepted the event.
 * @param random between 0 and 1.
 */
export function afterFailedTry(
  error: unknown,
  { retries, ageMs, random }: { retries: number; ageMs: number; random: number },
  policy: Pick<RuleTarget, 'maximumRetryAttempts' | 'maximumEventAgeSeconds'>,
): number | GivenUp {
  const { code, message, retryable } = failureOf(error);
  if (!retryable) return { code, message, exhausted: undefined };
  if (retries >= policy.maximumRetryAttempts) return { code, message, exhausted: 'MaximumRetryAttempts' };
  const backoff = Math.min(FIRST_DELAY_MS * 2 ** retries, LONGEST_DELAY_MS);
  const delay = backoff * (0.5 + random / 2);
  if (ageMs + delay < policy.maximumEventAgeSeconds * 1000) return delay;
  return { code, message, exhausted: 'MaximumEventAgeInSeconds' };
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof AwsError)) return { code: 'UNKNOWN', message: String(error), retryable: false };
  const { message, status } = error;
  const code = CODES[error.code] ?? (status < 500 ? 'INVALID_PARAMETER' : 'ERROR_FROM_TARGET');
  return { code, message, retryable: code === 'THROTTLING' || code === 'ERROR_FROM_TARGET' };
}
