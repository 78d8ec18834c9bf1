import type { Config } from '../config/config.ts';

/** What of the stack is watched, by the names under which CloudWatch knows it. */
export interface Watched {
  readonly preset: Config['preset'];
  readonly region: string;
  /** Where the functions' own metrics stand. */
  readonly metricsNamespace: string;
  readonly workflowArn: string;
  /** The queue that tells of every change that waits as a dead letter. */
  readonly noticesQueue: string;
  readonly dispatcher: WatchedFunction;
  /** What reads the streams besides the dispatcher, and is waited for by nobody. */
  readonly readers: readonly WatchedFunction[];
  readonly consumers: readonly WatchedConsumer[];
  readonly sweep: WatchedConsumer;
  /** The HTTP APIs, that of the customers first. */
  readonly apis: readonly { readonly name: string; readonly id: string }[];
}

export interface WatchedFunction {
  readonly app: string;
  readonly functionName: string;
}

export interface WatchedConsumer extends WatchedFunction {
  /** The queue of what it could not handle. */
  readonly deadLetters: { readonly name: string };
}
