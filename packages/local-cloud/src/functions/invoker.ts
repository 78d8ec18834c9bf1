/** What an invocation answers; a function's own error is an answer, not an exception. */
export interface InvokeResult {
  readonly requestId: string;
  /** JSON text of the result, or of `{errorType, errorMessage, trace}` when `functionError` is set. */
  readonly payload: string;
  readonly functionError: 'Unhandled' | undefined;
  /** The version that ran; undefined: the latest. */
  readonly executedVersion?: string;
}

/** Why a function is invoked; the journal shows it. */
export interface InvokeCause {
  /** `mapping`, `task`, `api`, `rule`, `call`: what kind of thing asked. */
  readonly kind: string;
  /** Its name: mapping id, execution name + state, route key, rule name, caller. */
  readonly name: string;
  /** X-Ray trace header to hand on, if one is known. */
  readonly trace?: string | undefined;
  /** Request id to run under: an asynchronous invocation keeps its own through all tries. A new one otherwise. */
  readonly requestId?: string | undefined;
}

/**
 * Runs functions. Throws `AwsError` before the function has run: `TooManyRequestsException` when its concurrency is
 * used up, `ResourceNotFoundException` when there is no such function, alias or version.
 */
export interface Invoker {
  /** @param functionName name or ARN, with or without qualifier. @param payload JSON text of the event. */
  invoke(functionName: string, payload: string, cause: InvokeCause): Promise<InvokeResult>;
}
