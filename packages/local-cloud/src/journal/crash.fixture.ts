import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MovableClock } from '../clock.ts';
import { Journal } from './journal.ts';

/** What a process has that a state folder outlives. */
export interface KeptProcess {
  readonly journal: Journal;
  readonly clock: MovableClock;
}

/** Processes that follow one another, each killed without a word: the next finds what was durable, and nothing more. */
export class Crashes {
  readonly #folder = mkdtempSync(join(tmpdir(), 'crash-'));
  readonly #processes: KeptProcess[] = [];

  /** The first process. */
  first(): KeptProcess {
    return this.#open(new MovableClock());
  }

  /** Kills the newest process. @param offMs for how long the cloud is off. @returns the next one. */
  crash(offMs = 0): KeptProcess {
    const count = this.#processes.length;
    const { clock } = this.#processes.at(-1) ?? this.first();
    for (const file of ['', '-wal']) cpSync(this.#file(count - 1) + file, this.#file(count) + file);
    const ahead = clock.now() - Date.now();
    clock.stop();
    return this.#open(new MovableClock(ahead + offMs));
  }

  close(): void {
    for (const { journal, clock } of this.#processes) {
      clock.stop();
      journal.close();
    }
    rmSync(this.#folder, { recursive: true });
  }

  #open(clock: MovableClock): KeptProcess {
    const kept = { journal: new Journal(this.#file(this.#processes.length)), clock };
    this.#processes.push(kept);
    return kept;
  }

  #file(index: number): string {
    return join(this.#folder, `${index}.sqlite`);
  }
}
