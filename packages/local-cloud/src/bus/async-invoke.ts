import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { AwsError } from '../endpoint/service.ts';
import type { InvokeCause, InvokeResult, Invoker } from '../functions/invoker.ts';
import type { InFlight } from '../in-flight.ts';
import { functionNameIn } from '../stack/arns.ts';
import type { FunctionConfig } from '../stack/model.ts';
import type { EventContent } from './event.ts';
import { deadLetterAttributes, latestVersion, resultDocument, resultKey } from './invocation-result.ts';
import type { Condition, InvocationOutcome } from './invocation-result.ts';
import { serviceOf } from './outlets.ts';
import type { Outlets } from './outlets.ts';
import { parseEvent } from './pattern.ts';

export interface AsyncInvokerOptions {
  readonly functions: readonly FunctionConfig[];
  readonly invoker: Invoker;
  readonly outlets: Pick<Outlets, 'sendMessage' | 'publish' | 'putObject'>;
  /** Puts an event on the bus of an ARN. */
  readonly putEvent: (busArn: string, content: EventContent) => unknown;
  readonly clock: Clock;
  readonly inFlight: InFlight;
}

const MINUTE_MS = 60_000;
const DEFAULT_RETRIES = 2;
const DEFAULT_AGE_SECONDS = 6 * 3600;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 5 * MINUTE_MS;

interface Invocation {
  readonly lambda: FunctionConfig;
  readonly payload: string;
  readonly cause: InvokeCause;
  readonly requestId: string;
}

/**
 * Lambda's asynchronous invocation: accepts an event and runs the function until it succeeds, its retries are used up
 * or the event is too old. What was accepted is in flight until the last destination has it.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AsyncInvoker {
  readonly #options: AsyncInvokerOptions;
  readonly #functions: ReadonlyMap<string, FunctionConfig>;

  constructor(options: AsyncInvokerOptions) {
    this.#options = options;
    this.#functions = new Map(options.functions.map((lambda) => [lambda.name, lambda]));
  }

  /**
   * Accepts an invocation.
   * @param reference the function's name or ARN, with or without qualifier. @param payload JSON text.
   * @returns the request id, the same for every try.
   * @throws AwsError `ResourceNotFoundException`
   */
  invokeAsync(reference: string, payload: string, cause: InvokeCause): string {
    const lambda = this.#functions.get(functionNameIn(reference));
    if (!lambda) throw new AwsError('ResourceNotFoundException', `Function not found: ${reference}`, 404);
    const requestId = randomUUID();
    void this.#run({ lambda, payload, cause: { ...cause, requestId }, requestId });
    return requestId;
  }

  async #run(invocation: Invocation): Promise<void> {
    const leave = this.#options.inFlight.enter('invocation');
    const outcome = await this.#untilDone(invocation);
    await this.#tellOf(outcome, invocation);
    leave();
  }

  async #untilDone({ lambda, payload, cause, requestId }: Invocation): Promise<InvocationOutcome> {
    const { clock } = this.#options;
    const acceptedAt = clock.now();
    const maximumAge = (lambda.maximumEventAgeSeconds ?? DEFAULT_AGE_SECONDS) * 1000;
    let result: InvokeResult | undefined;
    let refusal: AwsError | undefined;
    let invokeCount = 0;
    let throttles = 0;
    const end = (condition: Condition): InvocationOutcome => {
      const at = clock.now();
      return { requestId, functionArn: lambda.arn, condition, invokeCount, payload, result, refusal, at };
    };
    for (;;) {
      const run = await this.#invoke(lambda, payload, cause);
      if (run instanceof AwsError) refusal = run;
      else {
        result = run;
        invokeCount++;
        if (!run.functionError) return end('Success');
        if (invokeCount > (lambda.maximumRetryAttempts ?? DEFAULT_RETRIES)) return end('RetriesExhausted');
      }
      const delay = run instanceof AwsError ? backoff(throttles++) : invokeCount * MINUTE_MS;
      if (clock.now() + delay - acceptedAt >= maximumAge) return end('EventAgeExceeded');
      await clock.sleep(delay);
    }
  }

  /** @returns why Lambda could not run the function, where it could not; no retry is counted for that. */
  async #invoke(
    lambda: FunctionConfig,
    payload: string,
    cause: InvokeCause,
  ): Promise<InvokeResult | AwsError> {
    try {
      return await this.#options.invoker.invoke(lambda.name, payload, cause);
    } catch (error) {
      return error instanceof AwsError ? error : new AwsError('ServiceException', String(error), 500);
    }
  }

  /** A destination or a dead-letter queue that does not take what it is sent loses it, as on AWS. */
  async #tellOf(outcome: InvocationOutcome, { lambda, payload }: Invocation): Promise<void> {
    const failed = outcome.condition !== 'Success';
    const destination = failed ? lambda.onFailureDestination : lambda.onSuccessDestination;
    if (destination !== undefined) {
      await this.#sendDocument(destination, outcome, lambda).catch(ignoreRefusal);
    }
    if (failed && lambda.deadLetterArn !== undefined) {
      const attributes = deadLetterAttributes(outcome);
      await this.#sendDeadLetter(lambda.deadLetterArn, payload, attributes).catch(ignoreRefusal);
    }
  }

  async #sendDocument(arn: string, outcome: InvocationOutcome, lambda: FunctionConfig): Promise<void> {
    const { outlets, putEvent } = this.#options;
    const document = resultDocument(outcome);
    switch (serviceOf(arn)) {
      case 'sqs':
        return outlets.sendMessage(arn, document);
      case 'sns':
        return outlets.publish(arn, document);
      case 's3':
        return outlets.putObject(arn, resultKey(outcome, lambda.name), document, 'application/json');
      case 'lambda':
        this.invokeAsync(arn, document, { kind: 'destination', name: lambda.name });
        return;
      default:
        putEvent(arn, {
          source: 'lambda',
          detailType: `Lambda Function Invocation Result - ${outcome.condition === 'Success' ? 'Success' : 'Failure'}`,
          detail: document,
          parsedDetail: parseEvent(document),
          resources: [arn, latestVersion(lambda.arn)],
          time: outcome.at,
          trace: undefined,
        });
    }
  }

  async #sendDeadLetter(
    arn: string,
    payload: string,
    attributes: Record<string, string | number>,
  ): Promise<void> {
    const { outlets } = this.#options;
    if (serviceOf(arn) === 'sns') await outlets.publish(arn, payload);
    else await outlets.sendMessage(arn, payload, attributes);
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof AwsError)) throw error;
}

function backoff(throttles: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** throttles, LONGEST_BACKOFF_MS);
}
