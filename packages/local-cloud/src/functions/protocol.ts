import type { RuntimeError } from './runtime-errors.ts';

/**
 * The variable by which a thread finds Node's compile cache: with it a thread starts in a third of the time, because
 * its own TypeScript is not stripped again. The function does not see it.
 */
export const COMPILE_CACHE = 'NODE_COMPILE_CACHE';

/** What a worker thread is made with. */
export interface WorkerSetup {
  /** Folder of the unpacked deployment package. */
  readonly directory: string;
  /** `index.handler`. */
  readonly handler: string;
}

/** One invocation, as the host sends it. Payloads travel as JSON text: cloning a large object costs far more. */
export interface InvocationRequest {
  readonly requestId: string;
  readonly payload: string;
  /** With the qualifier by which it is called. */
  readonly functionArn: string;
  readonly functionVersion: string;
  readonly trace: string;
  readonly timeoutMs: number;
  /** Milliseconds by which the cloud's clock is ahead of the system's. */
  readonly clockOffset: number;
}

/** What a worker says: one `loaded` or `unloadable` first, then one answer to each request, and logs at any time. */
export type WorkerMessage =
  | readonly ['loaded']
  | readonly ['unloadable', RuntimeError]
  | readonly ['succeeded', string]
  | readonly ['failed', RuntimeError]
  | readonly ['crashed', RuntimeError]
  | readonly ['log', string];
