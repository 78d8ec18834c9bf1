import { setFlagsFromString } from 'node:v8';
import { FaultPlanError, LocalCloud, readFaultPlan, type LocalCloudOptions } from '@orderstream/local-cloud';
import { UsageError } from './errors.ts';
import { prepareStack } from './prepare.ts';

/**
 * Percent by which V8 lets a heap grow beyond what is in use before it collects garbage; by itself it waits for up to
 * three times as much.
 */
const HEAP_GROWTH = 100;

/** Starts the local cloud in this process, from a stack that is up to date. Port 0 takes a free one.
 * @throws UsageError in one line with the remedy: a port in use, a missing engine, a broken bundle. */
export async function startCloud(options: {
  port: number;
  apiPort: number;
  say: (line: string) => void;
  signal: AbortSignal;
  /** A stack that is there already, instead of the one that is built where it is missing or old. */
  stackFile?: string;
  /** Folder in which everything is kept; without one all ends with the process. */
  stateDirectory?: string | undefined;
  /** Whether to empty that first. */
  fresh?: boolean;
  /** File of the faults to inject. */
  faultFile?: string | undefined;
  /** Whether the stack's policies decide what functions and services may do. */
  iam?: LocalCloudOptions['iam'];
  /** Hears everything that a function logs. */
  onLog?: LocalCloudOptions['onLog'];
  /** Hears that the cloud ended by itself: one line with the remedy, exit code 1. */
  onEnd?: (error: UsageError) => void;
}): Promise<LocalCloud> {
  // Functions run in threads of this process and see its time zone; Lambda's is UTC.
  process.env['TZ'] = 'UTC';
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  const stackFile = options.stackFile ?? (await prepareStack(options.say, options.signal));
  options.signal.throwIfAborted();
  const starting = LocalCloud.start({
    stackFile,
    port: options.port,
    apiPort: options.apiPort,
    fresh: options.fresh ?? false,
    ...(options.iam !== undefined && { iam: options.iam }),
    ...(options.onLog !== undefined && { onLog: options.onLog }),
    ...(options.faultFile !== undefined && { faults: faultsIn(options.faultFile) }),
    ...(options.stateDirectory !== undefined && { stateDirectory: options.stateDirectory }),
    onEnd: (error) => options.onEnd?.(new UsageError(error.message, 1)),
    onError: (error, where) =>
      options.say(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  return starting.catch((error: unknown) => {
    throw error instanceof Error ? new UsageError(error.message, 1) : error;
  });
}

function faultsIn(file: string) {
  try {
    return readFaultPlan(file);
  } catch (error) {
    throw error instanceof FaultPlanError ? new UsageError(error.message) : error;
  }
}
