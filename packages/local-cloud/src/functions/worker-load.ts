import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WorkerSetup } from './protocol.ts';
import { type RuntimeError, runtimeError, thrown } from './runtime-errors.ts';
import type { Handler } from './worker-context.ts';

const CALLBACKS_REMOVED =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

type Loaded =
  | { readonly kind: 'handler'; readonly handler: Handler }
  | { readonly kind: 'error'; readonly error: RuntimeError };

/**
 * Loads a function as nodejs24.x does: handlers that take a callback are refused there.
 *
 * Source: github.com/aws/aws-lambda-nodejs-runtime-interface-client, version 4.
 */
export async function loadHandler({ directory, handler: name }: WorkerSetup): Promise<Loaded> {
  const [, moduleName = '', exportPath = ''] = /^(.*?)\.([^/]+)$/.exec(name) ?? [];
  let module: unknown;
  try {
    module = await loadModule(directory, moduleName);
  } catch (error) {
    return { kind: 'error', error: loadError(error) };
  }
  const handler = exportPath.split('.').reduce(member, module);
  if (handler === undefined) return notFound(`${name} is undefined or not exported`);
  if (typeof handler !== 'function') return notFound(`${name} is not a function`);
  if (handler.length >= 3) {
    return { kind: 'error', error: runtimeError('Runtime.CallbackHandlerDeprecated', CALLBACKS_REMOVED) };
  }
  return { kind: 'handler', handler: (event, context) => handler(event, context) };
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

async function loadModule(directory: string, moduleName: string): Promise<unknown> {
  const path = join(directory, moduleName);
  const extension = ['.js', '.mjs', '.cjs'].find((ending) => existsSync(path + ending)) ?? '';
  if (extension === '.mjs') return import(pathToFileURL(path + extension).href);
  return createRequire(join(directory, 'index.js'))(path + extension);
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

function notFound(message: string): Loaded {
  return { kind: 'error', error: runtimeError('Runtime.HandlerNotFound', message) };
}
