import { availableParallelism } from 'node:os';

/** Shortest time over which use is measured, in milliseconds. */
const WINDOW_MS = 20;
/** Share of all cores from which on another thread would only wait its turn. */
const BUSY_SHARE = 0.7;

/** Tells whether this process leaves time on the machine's cores unused. */
export class SpareCpu {
  #measuredAt = performance.now();
  #usage = process.cpuUsage();
  #isSpare = true;

  isSpare(): boolean {
    const elapsed = performance.now() - this.#measuredAt;
    if (elapsed < WINDOW_MS) return this.#isSpare;
    const { user, system } = process.cpuUsage(this.#usage);
    this.#isSpare = (user + system) / 1000 < elapsed * availableParallelism() * BUSY_SHARE;
    this.#measuredAt = performance.now();
    this.#usage = process.cpuUsage();
    return this.#isSpare;
  }
}
