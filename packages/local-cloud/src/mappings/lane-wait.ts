import type { Clock } from '../clock.ts';

/**
 * A lane's wait on the cloud's clock. It lasts until its time has passed, what it waits for is there, or the lane is
 * closed; a lane that is closed and opened again in one turn of the event loop waits on.
 */
export class LaneWait {
  readonly #clock: Clock;
  readonly #isOpen: () => boolean;
  #wake: ((isOver: boolean) => void) | undefined;
  #isMet: () => boolean = () => false;

  /** @param isOpen whether the lane is. */
  constructor(clock: Clock, isOpen: () => boolean) {
    this.#clock = clock;
    this.#isOpen = isOpen;
  }

  get isUnderWay(): boolean {
    return this.#wake !== undefined;
  }

  /** @param isMet whether there is nothing more to wait for; {@link check} asks it. */
  async sleep(delayMs: number, isMet: () => boolean = () => false): Promise<void> {
    const until = this.#clock.now() + delayMs;
    this.#isMet = isMet;
    while (this.#isOpen()) if (await this.#woken(until)) return;
  }

  /** Ends the wait if what it waits for is there. */
  check(): void {
    if (this.#wake && this.#isMet()) this.end();
  }

  /** Ends the wait. */
  end(): void {
    this.#wake?.(true);
  }

  /** Ends the wait unless the lane is open again by the end of this turn. */
  interrupt(): void {
    this.#wake?.(false);
  }

  #woken(until: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(() => this.end(), until - this.#clock.now());
      this.#wake = (isOver) => {
        this.#clock.clearTimeout(timer);
        this.#wake = undefined;
        resolve(isOver);
      };
    });
  }
}
