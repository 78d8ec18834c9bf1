import { z } from 'zod';
import { AwsError } from '../endpoint/service.ts';
import type { InvokeResult } from '../functions/invoker.ts';
import type { Task } from './definition.ts';
import type { Json } from './engine.ts';
import { LATEST } from '../stack/versions.ts';
import { invokeParametersSchema } from './states-language.ts';

/** Bytes that the input or output of a task, a state or an execution may have. */
export const PAYLOAD_LIMIT_BYTES = 262_144;

/**
 * A task's failure as Retry and Catch see it: `name` is the Error, `message` the Cause.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export class TaskFailure extends Error {
  /** Read by the engine. */
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;

  /** @param isFinal whether every Retry and Catch is passed by. */
  constructor(name: string, cause: string, isFinal = name === 'States.Runtime') {
    super(cause);
    this.name = name;
    this.isRetryable = this.isCatchable = !isFinal;
  }
}

/**
 * A task's result, or the input or output of any state, that is too large. Only a task's result can be caught: so it was
 * recorded on AWS, whose documentation says that nothing catches this.
 */
export function dataLimitExceeded(name: string, isFinal: boolean): TaskFailure {
  const cause = `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`;
  return new TaskFailure('States.DataLimitExceeded', cause, isFinal);
}

/** What a task asks of Lambda. */
export interface Invocation {
  readonly functionName: string;
  /** JSON text of the event. */
  readonly payload: string;
}

/**
 * Reads a task's input (after InputPath and Parameters).
 * @throws TaskFailure States.Runtime when it is not as it must be, States.DataLimitExceeded when it is too large.
 */
export function invocationOf(task: Task, input: Json): Invocation {
  const invocation = requestOf(task, input);
  if (isLargerThan(invocation.payload, PAYLOAD_LIMIT_BYTES)) throw dataLimitExceeded(task.name, true);
  return invocation;
}

function requestOf(task: Task, input: Json): Invocation {
  if (task.kind === 'function') return { functionName: task.resource, payload: JSON.stringify(input) };
  const parameters = invokeParametersSchema.safeParse(input);
  if (!parameters.success)
    throw new TaskFailure(
      'States.Runtime',
      `The parameters of '${task.name}' are not valid: FunctionName must be a string.`,
    );
  return {
    functionName: parameters.data.FunctionName,
    payload: JSON.stringify(parameters.data.Payload ?? {}),
  };
}

/** JSON text of what a successful invocation gives the state. @throws TaskFailure for the function's own error or a too large result. */
export function outputOf(task: Task, result: InvokeResult): string {
  if (result.functionError) throw functionFailure(result.payload);
  const output = task.kind === 'function' ? result.payload : integrationOutput(result);
  if (isLargerThan(output, PAYLOAD_LIMIT_BYTES)) throw dataLimitExceeded(task.name, false);
  return output;
}

/** What a task fails with; an invocation that did not come about is an error of the Lambda service. */
export function taskFailureOf(error: unknown): TaskFailure {
  if (error instanceof TaskFailure) return error;
  if (!(error instanceof AwsError))
    return new TaskFailure('Lambda.ServiceException', error instanceof Error ? error.message : String(error));
  // Of Lambda's own errors only some have a name of their own here; a refusal has none.
  const name = error.code === 'AccessDeniedException' ? 'AWSLambdaException' : error.code;
  return new TaskFailure(
    `Lambda.${name}`,
    `${error.message} (Service: Lambda, Status Code: ${error.status})`,
  );
}

/** Whether a text has more than `limit` bytes in UTF-8. */
export function isLargerThan(text: string, limit: number): boolean {
  return text.length > limit || (text.length * 3 > limit && Buffer.byteLength(text) > limit);
}

const errorDocumentSchema = z.object({ errorType: z.string() });

/** A function's error: its `errorType` is the Error, the whole payload the Cause. */
function functionFailure(payload: string): TaskFailure {
  const document = errorDocumentSchema.safeParse(JSON.parse(payload));
  if (document.success) return new TaskFailure(document.data.errorType, payload);
  return new TaskFailure(
    'Lambda.Unknown',
    `The cause could not be determined because Lambda did not return an error type. Returned payload: ${payload}`,
  );
}

function integrationOutput({ payload, requestId, executedVersion: version = LATEST }: InvokeResult): string {
  const length = Buffer.byteLength(payload);
  const all = `{"X-Amz-Executed-Version":["${version}"],"x-amzn-RequestId":["${requestId}"],"Content-Length":["${length}"],"Content-Type":["application/json"]}`;
  const single = `{"Content-Length":"${length}","Content-Type":"application/json","X-Amz-Executed-Version":"${version}","x-amzn-RequestId":"${requestId}"}`;
  return `{"ExecutedVersion":"${version}","Payload":${payload},"SdkHttpMetadata":{"AllHttpHeaders":${all},"HttpHeaders":${single},"HttpStatusCode":200},"SdkResponseMetadata":{"RequestId":"${requestId}"},"StatusCode":200}`;
}
