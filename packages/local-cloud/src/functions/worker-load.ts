import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WorkerSetup } from './protocol.ts';
import { type RuntimeError, runtimeError, thrown } from './runtime-errors.ts';
import type { Handler } from './worker-context.ts';

const CALLBACKS_REMOVED =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

type Loaded =
  | { readonly kind: 'handler'; readonly handler: Handler }
  | { readonly kind: 'error'; readonly error: RuntimeError };

/** In this order the runtime looks for the handler's file. */
const ENDINGS = ['', '.js', '.mjs', '.cjs'];

/**
 * Loads a function as nodejs24.x does: handlers that take a callback are refused there.
 *
 * Source: github.com/aws/aws-lambda-nodejs-runtime-interface-client, version 4, src/function.
 */
export async function loadHandler({ directory, handler: name }: WorkerSetup): Promise<Loaded> {
  const [, moduleName, exportPath] = /^([^.]*)\.(.*)$/.exec(basename(name)) ?? [];
  if (moduleName === undefined || exportPath === undefined || name.includes('..')) {
    return failed('Runtime.MalformedHandlerName', `'${name}' is not a valid handler name`);
  }
  refuseStreaming();
  let module: unknown;
  try {
    const folder = name.slice(0, name.length - basename(name).length);
    module = await loadModule(directory, folder, moduleName);
  } catch (error) {
    return { kind: 'error', error: loadError(error) };
  }
  const handler = exportOf(module, exportPath) || exportOf(member(module, 'default'), exportPath);
  if (!handler) return failed('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') {
    return failed('Runtime.HandlerNotFound', `${name} is not a function`);
  }
  if (handler.length >= 3) return failed('Runtime.CallbackHandlerDeprecated', CALLBACKS_REMOVED);
  return { kind: 'handler', handler: (event, context) => handler(event, context) };
}

/** What the runtime offers to decorate a streaming handler with: here it says that none are run. */
function refuseStreaming(): void {
  const streamifyResponse = (): never => {
    const message = 'awslambda.streamifyResponse is not run here: return the whole response from the handler';
    throw Object.assign(new Error(message), { name: 'Runtime.MalformedStreamingHandler' });
  };
  Object.assign(globalThis, { awslambda: { streamifyResponse } });
}

function exportOf(module: unknown, path: string): unknown {
  return path.split('.').reduce(member, module);
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** Imports the file whatever its format is: CommonJS's exports are then the default export, too. */
async function loadModule(directory: string, folder: string, moduleName: string): Promise<unknown> {
  const path = join(directory, folder, moduleName);
  const ending = ENDINGS.find((each) => existsSync(path + each));
  if (ending !== undefined) return import(pathToFileURL(path + ending).href);
  const { resolve } = createRequire(join(directory, 'index.js'));
  return import(pathToFileURL(resolve(moduleName, { paths: [directory, join(directory, folder)] })).href);
}

function loadError(error: unknown): RuntimeError {
  if (error instanceof SyntaxError) {
    return runtimeError('Runtime.UserCodeSyntaxError', String(error), error.stack);
  }
  if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') {
    return runtimeError('Runtime.ImportModuleError', String(error));
  }
  return thrown(error);
}

function failed(errorType: string, message: string): Loaded {
  return { kind: 'error', error: runtimeError(errorType, message) };
}
