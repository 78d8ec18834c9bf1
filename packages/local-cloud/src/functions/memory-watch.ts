import type { FunctionWorker } from './function-worker.ts';

/** What is needed of a {@link FunctionWorker}. */
type WatchedWorker = Pick<FunctionWorker, 'usedMb' | 'kill'>;

/** How often the memory of busy functions is looked at, in milliseconds of the system's time. */
const INTERVAL_MS = 100;

/**
 * Ends functions that take more memory than they are given. V8's own limits can't do it: reaching them may abort
 * the whole process. It looks only at what runs, and not at all while nothing does.
 */
export class MemoryWatch {
  readonly #busy = new Map<WatchedWorker, number>();
  #interval: NodeJS.Timeout | undefined;

  add(worker: WatchedWorker, memoryMb: number): void {
    this.#busy.set(worker, memoryMb);
    this.#interval ??= setInterval(() => this.#look(), INTERVAL_MS);
  }

  delete(worker: WatchedWorker): void {
    this.#busy.delete(worker);
  }

  stop(): void {
    clearInterval(this.#interval);
  }

  #look(): void {
    if (this.#busy.size === 0) {
      clearInterval(this.#interval);
      this.#interval = undefined;
    }
    for (const [worker, memoryMb] of this.#busy) void this.#check(worker, memoryMb);
  }

  async #check(worker: WatchedWorker, memoryMb: number): Promise<void> {
    const usedMb = await worker.usedMb().catch(() => 0);
    if (usedMb > memoryMb && this.#busy.has(worker)) await worker.kill();
  }
}
