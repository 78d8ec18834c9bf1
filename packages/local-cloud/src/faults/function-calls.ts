import type { ServiceRequest } from '../endpoint/service.ts';

/** Waits for calls that functions make. */
interface Watcher {
  readonly functionName: string;
  readonly trace: string;
  left: number;
  readonly onLast: () => Promise<void>;
}

/** Tells runs of functions apart by the trace that their calls carry, and counts the calls of those that are watched. */
export class FunctionCalls {
  readonly #watchers = new Set<Watcher>();

  /**
   * Calls back after so many calls of this run were carried out, before the last of them is answered.
   *
   * @param trace of the run; calls without one count for every run of the function. @returns what ends the watch.
   */
  watch(functionName: string, trace: string, calls: number, onLast: () => Promise<void>): () => void {
    const watcher = { functionName, trace, left: calls, onLast };
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Says that a call was carried out. */
  async carriedOut({ caller, headers }: ServiceRequest): Promise<void> {
    if (caller.kind !== 'function') return;
    const trace = headers['x-amzn-trace-id'];
    for (const watcher of this.#watchers) {
      if (watcher.functionName !== caller.name || (trace !== undefined && trace !== watcher.trace)) continue;
      if (--watcher.left > 0) continue;
      this.#watchers.delete(watcher);
      await watcher.onLast();
    }
  }
}
