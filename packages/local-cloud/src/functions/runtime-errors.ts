/** What an invocation answers when it failed: the payload of a response with `FunctionError: Unhandled`. */
export interface RuntimeError {
  readonly errorType: string;
  readonly errorMessage: string;
  /** Lines of the stack; absent where the platform speaks and not the runtime. */
  readonly trace?: readonly string[];
}

/**
 * What a handler threw, in the form of nodejs24.x. Its own fields, its cause and the errors it holds are not part of it.
 *
 * Source: github.com/aws/aws-lambda-nodejs-runtime-interface-client, version 4, src/utils/error.ts.
 */
export function thrown(error: unknown): RuntimeError {
  // What the client did when it was run (3.3); the source of version 4 reads as if it were "undefined" twice.
  if (error === undefined) return { errorType: 'string', errorMessage: 'handled', trace: [] };
  try {
    if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
    const { name, message, stack } = error;
    return {
      errorType: escaped(name),
      errorMessage: escaped(message),
      trace: stack === undefined ? [] : escaped(stack).split('\n'),
    };
  } catch {
    return { errorType: 'handled', errorMessage: UNREADABLE, trace: [] };
  }
}

/** As the runtime says it of an error that can't be read. */
const UNREADABLE =
  'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack';

/** The one character that the runtime's HTTP client refuses. */
function escaped(text: string): string {
  return text.replaceAll('\x7F', '%7F');
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
