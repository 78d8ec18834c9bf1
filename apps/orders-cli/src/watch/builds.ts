/** Builds that run at once. */
const AT_ONCE = 2;
/** Changes that come together, as an editor's do, are one build: milliseconds. */
const GATHER_MS = 30;

/** Runs builds by app: each wanted one once, and once more when it is wanted again while it runs. */
export class Builds {
  readonly #build: (app: string) => Promise<void>;
  readonly #wanted = new Set<string>();
  readonly #running = new Set<string>();
  #gathering: NodeJS.Timeout | undefined;

  /** @param build must not reject. */
  constructor(build: (app: string) => Promise<void>) {
    this.#build = build;
  }

  want(app: string): void {
    this.#wanted.add(app);
    if (this.#gathering !== undefined) return;
    this.#gathering = setTimeout(() => {
      this.#gathering = undefined;
      this.#startWanted();
    }, GATHER_MS);
  }

  #startWanted(): void {
    for (const app of [...this.#wanted]) {
      if (this.#running.size >= AT_ONCE) return;
      if (!this.#running.has(app)) void this.#run(app);
    }
  }

  async #run(app: string): Promise<void> {
    this.#wanted.delete(app);
    this.#running.add(app);
    await this.#build(app);
    this.#running.delete(app);
    this.#startWanted();
  }
}
