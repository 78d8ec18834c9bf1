import type { FaultPlan } from '../faults/fault.ts';
import type { FunctionLog } from '../functions/host.ts';

/** What a local cloud is started with. */
export interface LocalCloudOptions {
  /** The synthesized Terraform JSON: `cdktf.out/stacks/<stack>/cdk.tf.json`. */
  readonly stackFile: string;
  /** Port of the AWS endpoint; 0, the default, takes a free one. */
  readonly port?: number;
  /** Port of the first HTTP API; each further one stands on the next. 0, the default, takes free ones in a row. */
  readonly apiPort?: number;
  /**
   * Folder in which everything is kept, so that the next start goes on where this one ended, however it did; without one
   * all ends with the process.
   */
  readonly stateDirectory?: string;
  /** Whether to empty the state folder first. */
  readonly fresh?: boolean;
  /** Faults to inject. */
  readonly faults?: FaultPlan;
  /**
   * Whether the stack's policies decide what functions and services may do, as on AWS (the default); `off` lets everything
   * pass. See docs/iam.md.
   */
  readonly iam?: 'enforce' | 'off';
  /** A cache that runs already, instead of one of our own; default: the environment's CACHE_URL. */
  readonly cacheUrl?: string;
  /** Hears everything that a function logs. */
  readonly onLog?: (log: FunctionLog) => void;
  /** Hears of what should not happen, and where: a handler's bug. */
  readonly onError?: (error: unknown, where: string) => void;
  /**
   * Hears, in one line with the remedy, that the table engine of a ready cloud has ended, or that its journal can't be
   * written: the cloud is not ready any more and never will be. All that is left is to stop it.
   */
  readonly onEnd?: (error: Error) => void;
}
