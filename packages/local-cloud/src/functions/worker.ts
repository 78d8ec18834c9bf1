import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { contextOf, type Handler } from './worker-context.ts';
import { setClock } from './worker-clock.ts';
import { loadHandler } from './worker-load.ts';
import { COMPILE_CACHE, type InvocationRequest, type WorkerMessage, type WorkerSetup } from './protocol.ts';
import { runtimeError, thrown } from './runtime-errors.ts';

/** The thread in which a function runs: Lambda's Node.js runtime, as far as a function can tell. */

function say(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

function captureOutput(stream: NodeJS.WriteStream): void {
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    say(['log', typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')]);
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
}

/** After a crash Lambda starts the runtime anew; exit codes as there. */
function crash(error: ReturnType<typeof thrown>, exitCode: number): void {
  say(['log', `${error.trace?.join('\n')}\n`]);
  say(['crashed', error]);
  process.exit(exitCode);
}

/** Also of what has no text of its own: an object without a prototype, or one whose `toString` throws. */
function textOf(reason: unknown): string {
  try {
    return String(reason);
  } catch {
    return Object.prototype.toString.call(reason);
  }
}

async function invoke(handler: Handler, request: InvocationRequest): Promise<void> {
  setClock(request.clockOffset);
  process.env['_X_AMZN_TRACE_ID'] = request.trace;
  let answer: WorkerMessage;
  try {
    const result = await handler(JSON.parse(request.payload), contextOf(request));
    answer = succeeded(result);
  } catch (error) {
    answer = ['failed', thrown(error)];
  }
  // A rejection that nobody handles comes first, as it does on Lambda.
  setImmediate(() => say(answer));
}

function succeeded(result: unknown): WorkerMessage {
  try {
    return ['succeeded', JSON.stringify(result) ?? 'null'];
  } catch {
    return ['failed', runtimeError('Runtime.JSONStringifyError', 'Unable to stringify response body')];
  }
}

Reflect.deleteProperty(process.env, COMPILE_CACHE);
captureOutput(process.stdout);
captureOutput(process.stderr);
process.on('uncaughtException', (error) => crash(thrown(error), 129));
process.on('unhandledRejection', (reason) => {
  crash(runtimeError('Runtime.UnhandledPromiseRejection', textOf(reason)), 128);
});

const loaded = await loadHandler(workerData as WorkerSetup);
if (loaded.kind === 'handler') {
  parentPort?.on('message', (request: InvocationRequest) => void invoke(loaded.handler, request));
  say(['loaded']);
  setImmediate(flushCompileCache);
} else {
  say(['unloadable', loaded.error]);
}
