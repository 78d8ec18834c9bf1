import { AwsError } from '../endpoint/service.ts';
import type { FunctionConfig } from '../stack/model.ts';

/** Invocations at once of all functions together: AWS's default for an account. */
const ACCOUNT = 1_000;
/** What AWS keeps for functions that reserve nothing, whatever the others reserve. */
const LEAST_UNRESERVED = 100;

/** Invocations that may run at once: those a function has reserved, or those that all the others share. */
export class Concurrency {
  readonly #limit: number;
  readonly #reason: string;
  #running = 0;

  private constructor(limit: number, reason: string) {
    this.#limit = limit;
    this.#reason = reason;
  }

  /**
   * What each function of an account may run, by its name.
   *
   * Source: docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html.
   */
  static ofAccount(functions: readonly FunctionConfig[]): (config: FunctionConfig) => Concurrency {
    const reserved = functions.reduce((sum, { reservedConcurrency = 0 }) => sum + reservedConcurrency, 0);
    const shared = new Concurrency(
      Math.max(LEAST_UNRESERVED, ACCOUNT - reserved),
      'ConcurrentInvocationLimitExceeded',
    );
    return ({ reservedConcurrency }) =>
      reservedConcurrency === undefined
        ? shared
        : new Concurrency(reservedConcurrency, 'ReservedFunctionConcurrentInvocationLimitExceeded');
  }

  /** Takes one; {@link leave} gives it back. @throws AwsError TooManyRequestsException when none is left. */
  enter(): void {
    if (this.#running >= this.#limit) {
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason: this.#reason });
    }
    this.#running++;
  }

  leave(): void {
    this.#running--;
  }
}
