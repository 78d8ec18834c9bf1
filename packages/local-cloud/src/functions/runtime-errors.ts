/** What an invocation answers when it failed: the payload of a response with `FunctionError: Unhandled`. */
export interface RuntimeError {
  readonly errorType: string;
  readonly errorMessage: string;
  /** Lines of the stack; absent where the platform speaks and not the runtime. */
  readonly trace?: readonly string[];
}

/** What a handler threw, in the form of Lambda's Node.js runtime. */
export function thrown(error: unknown): RuntimeError {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
  }
  if (error === undefined) return { errorType: 'string', errorMessage: 'handled', trace: [] };
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

/** An error of the runtime itself: `Runtime.ImportModuleError` and its like. */
export function runtimeError(name: string, message: string, stack?: string): RuntimeError {
  return { errorType: name, errorMessage: message, trace: stack?.split('\n') ?? [`${name}: ${message}`] };
}

export function timedOut(requestId: string, seconds: number): RuntimeError {
  const message = `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
  return { errorType: 'Sandbox.Timedout', errorMessage: message };
}

/** @param exitCode of the runtime; `killed` when the platform ended it for its memory. */
export function exited(requestId: string, exitCode: number | 'killed'): RuntimeError {
  const how =
    exitCode === 'killed'
      ? 'exited with error: signal: killed'
      : exitCode === 0
        ? 'exited without providing a reason'
        : `exited with error: exit status ${exitCode}`;
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: Runtime ${how}` };
}
