import { rm } from 'node:fs/promises';

/** The folder that a package was unpacked into: it stays while an instance may read it, and goes with the last. */
export class CodeFolder {
  readonly path: string;
  #instances = 0;
  #isReplaced = false;

  constructor(path: string) {
    this.path = path;
  }

  /** One more instance runs what is in it. */
  enter(): void {
    this.#instances++;
  }

  /** An instance has ended. */
  leave(): void {
    this.#instances--;
    this.#removeWhenUnused();
  }

  /** No further instance will run what is in it. */
  replaced(): void {
    this.#isReplaced = true;
    this.#removeWhenUnused();
  }

  #removeWhenUnused(): void {
    if (!this.#isReplaced || this.#instances > 0) return;
    // What can't be removed now goes with the host's whole folder.
    void rm(this.path, { recursive: true, force: true }).catch(() => undefined);
  }
}
