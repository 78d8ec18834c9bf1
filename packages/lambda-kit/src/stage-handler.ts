import { MetricUnit } from '@aws-lambda-powertools/metrics';
import {
  BusinessError,
  InvalidStageInput,
  isOrderId,
  OrderstreamError,
  RetryableError,
} from '@orderstream/domain';
import { asThrottled } from './aws-errors.ts';
import { bareError } from './bare-error.ts';
import type { StageOutput } from './stored-order.ts';
import { logger, metrics } from './telemetry.ts';

/** What the state machine tells a stage about the order it is to work on. */
export interface StageInput {
  readonly orderId: string;
  /** X-Ray trace header of whatever began it, if known. */
  readonly trace?: string;
  /** The error that led to compensation, as the state machine caught it. */
  readonly failure?: { readonly name: string; readonly message: string };
}

/** What a stage function can be asked to do, by the action's name. */
export type StageActions = Readonly<Record<string, (input: StageInput) => Promise<StageOutput>>>;

/**
 * The Lambda handler of a stage function. The state machine sends `{ action, input: { orderId, trace?, failure? } }`.
 * Whatever goes wrong leaves under a name that the state machine's Retry and Catch know, without any item. An invocation writes one line
 * of log and one metric.
 *
 * @example export const handler = stageHandler({ validate: (input) => validateOrder(orders, input) });
 */
export function stageHandler(actions: StageActions): (event: unknown) => Promise<StageOutput> {
  return async (event) => {
    const told: Told = {};
    try {
      const { action, work, input } = readEvent(actions, event);
      const { orderId, trace } = input;
      Object.assign(told, { action, orderId, ...(trace === undefined ? {} : { trace }) });
      const output = await work(input);
      report(told, output.status);
      return output;
    } catch (error) {
      const known = asThrottled(error);
      const outcome = known instanceof OrderstreamError ? known : bareError(known);
      report(told, outcome);
      throw outcome;
    }
  };
}

/** What is known of an invocation: nothing yet of one whose input can't be read. */
interface Told {
  readonly action?: string;
  readonly orderId?: string;
  readonly trace?: string;
}

function readEvent(actions: StageActions, event: unknown) {
  const { action, input } = fieldsOf(event);
  const work = typeof action === 'string' && Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (typeof action !== 'string' || work === undefined) {
    const known = Object.keys(actions).join(', ');
    throw new InvalidStageInput('The stage', `action is ${kindOf(action)}, none of ${known}`);
  }
  const { orderId, trace, failure } = fieldsOf(input);
  if (!isOrderId(orderId)) {
    throw new InvalidStageInput(action, `input.orderId is ${kindOf(orderId)}, no order id`);
  }
  return {
    action,
    work,
    input: {
      orderId,
      ...(typeof trace === 'string' ? { trace } : {}),
      ...(failure === undefined ? {} : { failure: readFailure(failure) }),
    },
  };
}

/** A caught error: its cause is Lambda's JSON where a function threw it, plain text where Step Functions did. */
function readFailure(failure: unknown): { name: string; message: string } {
  const { Error: name, Cause: cause } = fieldsOf(failure);
  const text = typeof cause === 'string' ? cause : '';
  const { errorMessage } = fieldsOf(parsed(text));
  return {
    name: typeof name === 'string' ? name : 'Unknown',
    message: typeof errorMessage === 'string' ? errorMessage : text,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a value is, without what stands in it: nobody knows what that may be. */
function kindOf(value: unknown): string {
  return typeof value === 'string' ? `a text of ${value.length} characters` : typeof value;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Our own errors are few and bear a metric each; any other, whatever its name, is one that the stage did not foresee. */
function metricOf(outcome: unknown): string {
  if (!(outcome instanceof Error)) return 'Done';
  return outcome instanceof OrderstreamError ? outcome.name : 'StageFailed';
}

/** One line and one metric: a status reached or a business end is information, what passes a warning, the rest an error. */
function report(told: Told, outcome: unknown): void {
  if (!(outcome instanceof Error))
    logger.info(`Order ${told.orderId}: ${told.action} done.`, { ...told, status: outcome });
  else if (outcome instanceof BusinessError) logger.info(outcome.message, { ...told, error: outcome.name });
  else if (outcome instanceof RetryableError) logger.warn(outcome.message, { ...told, error: outcome.name });
  else logger.error(outcome.message, { ...told, error: outcome });
  metrics.addMetric(metricOf(outcome), MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
}
