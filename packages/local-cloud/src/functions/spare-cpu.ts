import { availableParallelism, cpus } from 'node:os';

/** Time over which use is measured, in milliseconds. */
const WINDOW_MS = 50;
/** Share of the machine that must be idle for another thread to be of use. */
const IDLE_SHARE = 0.25;
/**
 * Bytes that the process may hold when another thread is added: each takes some 30 MB. More than two threads a core gain
 * little, and what the functions of a stack need at least stands below it.
 */
const MOST_RESIDENT = 1_000_000_000;

/**
 * Tells when the machine has time left for one more thread: it was partly idle, and this process did not use up what
 * it may (which can be less than the machine has), of time and of memory. It says so once a window, so that one thread shows its effect
 * before the next is added.
 */
export class SpareCpu {
  #at = performance.now();
  #own = process.cpuUsage();
  #machine = machineTimes();

  /** Takes the time that is left now; false when there is none, or when it was taken a moment ago. */
  take(): boolean {
    const elapsed = performance.now() - this.#at;
    if (elapsed < WINDOW_MS) return false;
    const own = process.cpuUsage(this.#own);
    const machine = machineTimes();
    const idle = (machine.idle - this.#machine.idle) / (machine.all - this.#machine.all);
    const used = (own.user + own.system) / 1000 / (elapsed * availableParallelism());
    this.#at = performance.now();
    this.#own = process.cpuUsage();
    this.#machine = machine;
    return idle > IDLE_SHARE && used < 1 - IDLE_SHARE && process.memoryUsage.rss() < MOST_RESIDENT;
  }
}

/** Milliseconds that all cores together have spent idle and at all. */
function machineTimes(): { readonly idle: number; readonly all: number } {
  let idle = 0;
  let all = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    all += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return { idle, all };
}
