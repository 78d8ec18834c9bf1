import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { AwsError } from '../endpoint/service.ts';
import type { InvokeCause, Invoker } from '../functions/invoker.ts';
import type { InFlight } from '../in-flight.ts';
import type { State } from '../journal/state.ts';
import { functionReference, qualified } from '../stack/arns.ts';
import type { AsyncSettings, FunctionConfig } from '../stack/model.ts';
import { LATEST, versionOf } from '../stack/versions.ts';
import type { EventContent } from './event.ts';
import { afterTry, invocationSchema, triedAgain } from './invocation.ts';
import type { Invocation, Tried } from './invocation.ts';
import { deadLetterAttributes, resultDocument, resultKey } from './invocation-result.ts';
import type { InvocationOutcome } from './invocation-result.ts';
import { serviceOf } from './outlets.ts';
import type { Outlets } from './outlets.ts';
import { parseEvent } from './pattern.ts';

export interface AsyncInvokerOptions {
  readonly functions: readonly FunctionConfig[];
  readonly invoker: Invoker;
  readonly outlets: Pick<Outlets, 'sendMessage' | 'publish' | 'putObject'>;
  /** Puts an event on the bus of an ARN. */
  readonly putEvent: (busArn: string, content: EventContent) => unknown;
  /** Asked before a function's result goes to a destination. Throws AwsError when the function's role may not write there. */
  readonly authorize?: ((functionName: string, arn: string, key: string) => void) | undefined;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  /** Keeps what was accepted, where anything is kept. */
  readonly journal: State;
}

/** An alias or a version does not share what is set for the function itself. */
const LAMBDAS_OWN: Required<AsyncSettings> = {
  onFailureDestination: undefined,
  onSuccessDestination: undefined,
  maximumRetryAttempts: undefined,
  maximumEventAgeSeconds: undefined,
};

/**
 * Lambda's asynchronous invocation: accepts an event and runs the function until it succeeds, its retries are used up
 * or the event is too old. What was accepted is in flight until the last destination has it. With state kept, it goes on
 * after a crash with what is left of its retries and its age; a run that the crash interrupted counts as none.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AsyncInvoker {
  readonly #options: AsyncInvokerOptions;
  readonly #functions: ReadonlyMap<string, FunctionConfig>;
  /** What an earlier process has left, by request id. */
  #earlier: readonly (readonly [requestId: string, kept: unknown])[];
  #isStopped = false;

  constructor(options: AsyncInvokerOptions) {
    this.#options = options;
    this.#earlier = options.journal.entries('invocation');
    this.#functions = new Map(options.functions.map((lambda) => [lambda.name, lambda]));
  }

  /**
   * Accepts an invocation. Its first run is under way when this returns; the promise resolves once it is sure not to be lost.
   * @param reference the function's name or ARN, with or without qualifier. @param payload JSON text.
   * @returns the request id, the same for every try.
   * @throws AwsError `ResourceNotFoundException`
   */
  async invokeAsync(reference: string, payload: string, cause: InvokeCause): Promise<string> {
    const { clock, journal } = this.#options;
    const { functionName, qualifier } = functionReference(reference);
    const lambda = this.#called(functionName, qualifier);
    if (!lambda) throw new AwsError('ResourceNotFoundException', `Function not found: ${reference}`, 404);
    const requestId = randomUUID();
    const now = clock.now();
    const invocation: Invocation = {
      ...{ functionName, qualifier, payload, cause: { ...cause, requestId } },
      ...{ acceptedAt: now, nextTryAt: now, invokeCount: 0, throttles: 0 },
    };
    this.#keep(invocation);
    void this.#run(invocation, lambda);
    await journal.durable();
    return requestId;
  }

  /** Has the invocations go on that an earlier process had accepted and not ended; those of functions that are gone are dropped. */
  resume(): void {
    const { clock, journal } = this.#options;
    for (const [requestId, kept] of this.#earlier) {
      const invocation = invocationSchema.parse(kept);
      const lambda = this.#called(invocation.functionName, invocation.qualifier);
      if (!lambda) {
        journal.remove('invocation', requestId);
        continue;
      }
      const now = clock.now();
      const nextTryAt = Math.max(invocation.nextTryAt, now);
      void this.#run(invocation.ended ? invocation : triedAgain(invocation, nextTryAt, lambda, now), lambda);
    }
    this.#earlier = [];
  }

  /** Leaves what is under way as it stands: a run that ends from now on counts as none. */
  stop(): void {
    this.#isStopped = true;
  }

  async #run(accepted: Invocation, lambda: FunctionConfig): Promise<void> {
    const { clock, inFlight, journal } = this.#options;
    const leave = inFlight.enter('asyncInvocation');
    let invocation = accepted;
    while (!invocation.ended) {
      if (invocation.nextTryAt > clock.now()) await clock.sleep(invocation.nextTryAt - clock.now());
      const tried = await this.#try(invocation);
      if (this.#isStopped) return leave();
      invocation = afterTry(invocation, tried, lambda, clock.now());
      this.#keep(invocation);
    }
    const { ended, ...rest } = invocation;
    const functionArn = qualified(lambda.arn, invocation.qualifier ?? LATEST);
    await this.#tellOf({ ...rest, ...ended, functionArn }, lambda);
    if (!this.#isStopped) journal.remove('invocation', invocation.cause.requestId);
    leave();
  }

  /** The function as it is called: with the settings of the qualifier. Undefined where it is gone. */
  #called(functionName: string, qualifier: string | undefined): FunctionConfig | undefined {
    const lambda = this.#functions.get(functionName);
    if (lambda === undefined || versionOf(lambda, qualifier) === undefined) return undefined;
    if (qualifier === undefined || qualifier === LATEST) return lambda;
    return { ...lambda, ...LAMBDAS_OWN, ...lambda.qualifiedSettings?.[qualifier] };
  }

  #keep(invocation: Invocation): void {
    this.#options.journal.put('invocation', invocation.cause.requestId, invocation);
  }

  async #try({ functionName, qualifier, payload, cause }: Invocation): Promise<Tried> {
    try {
      const name = qualified(functionName, qualifier);
      const result = await this.#options.invoker.invoke(name, payload, cause);
      const { functionError, payload: answer, executedVersion } = result;
      return { result: { payload: answer, functionError, executedVersion } };
    } catch (error) {
      const { message, status } =
        error instanceof AwsError ? error : new AwsError('ServiceException', String(error), 500);
      return { refusal: { message, status } };
    }
  }

  /** A destination or a dead-letter queue that does not take what it is sent loses it, as on AWS. */
  async #tellOf(outcome: InvocationOutcome, lambda: FunctionConfig): Promise<void> {
    const failed = outcome.condition !== 'Success';
    const destination = failed ? lambda.onFailureDestination : lambda.onSuccessDestination;
    if (destination !== undefined) {
      await this.#sendDocument(destination, outcome, lambda).catch(ignoreRefusal);
    }
    if (failed && lambda.deadLetterArn !== undefined) {
      const attributes = deadLetterAttributes(outcome);
      await this.#sendDeadLetter(lambda, outcome.payload, attributes).catch(ignoreRefusal);
    }
  }

  async #sendDocument(arn: string, outcome: InvocationOutcome, lambda: FunctionConfig): Promise<void> {
    const { outlets, putEvent, authorize } = this.#options;
    const document = resultDocument(outcome);
    const key = resultKey(outcome, lambda.name);
    authorize?.(lambda.name, arn, key);
    switch (serviceOf(arn)) {
      case 'sqs':
        return outlets.sendMessage(arn, document);
      case 'sns':
        return outlets.publish(arn, document);
      case 's3':
        return outlets.putObject(arn, key, document, 'application/json');
      case 'lambda':
        await this.invokeAsync(arn, document, { kind: 'destination', name: lambda.name });
        return;
      default:
        putEvent(arn, {
          source: 'lambda',
          detailType: `Lambda Function Invocation Result - ${outcome.condition === 'Success' ? 'Success' : 'Failure'}`,
          detail: document,
          parsedDetail: parseEvent(document),
          resources: [arn, outcome.functionArn],
          time: outcome.at,
          trace: undefined,
        });
    }
  }

  async #sendDeadLetter(
    { name, deadLetterArn: arn = '' }: FunctionConfig,
    payload: string,
    attributes: Record<string, string | number>,
  ): Promise<void> {
    const { outlets, authorize } = this.#options;
    authorize?.(name, arn, '');
    if (serviceOf(arn) === 'sns') await outlets.publish(arn, payload);
    else await outlets.sendMessage(arn, payload, attributes);
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof AwsError)) throw error;
}
