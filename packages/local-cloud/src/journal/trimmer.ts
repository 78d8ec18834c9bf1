import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { Journal } from './journal.ts';
import { keptMs, MAY_GO_EARLY, TRIM_SUBJECTS, YOUNGEST_TRIMMED_MS, type TrimNeeds } from './trim-rules.ts';
import { oldestOf, trimPortion } from './trims.ts';

/** How often the journal is looked at, in milliseconds of the system's time: housekeeping of this process. */
const LOOK_EVERY_MS = 30_000;
/** Bytes of rows beyond which the oldest go before their time: some 50,000 orders. */
const LARGEST = 2 * 1024 ** 3;
/** How far below the largest size it is brought, so that the next rows do not set it off again. */
const ROOM = 0.1;
/** Pages of 4 KB that the file gives back in one turn of the event loop. */
const PAGES_AT_ONCE = 500;

export interface TrimmerParts extends TrimNeeds {
  readonly journal: Journal;
  readonly clock: Pick<Clock, 'now'>;
  /** Bytes of rows; default: 2 GB. */
  readonly largest?: number;
}

/**
 * Keeps the journal bounded: removes what is older than it can be looked at, and the oldest of what is only looked at
 * when it is too large; a portion in each turn of the event loop. The disk has it back afterwards.
 */
export class Trimmer {
  readonly #parts: TrimmerParts;
  #interval: NodeJS.Timeout | undefined;
  #trimming: Promise<void> | undefined;
  #stopped = false;

  constructor(parts: TrimmerParts) {
    this.#parts = parts;
  }

  /** @param onError hears that the journal can't be trimmed. */
  start(onError: (error: unknown) => void): void {
    this.#interval = setInterval(() => void this.trim().catch(onError), LOOK_EVERY_MS);
    this.#interval.unref();
  }

  /** Resolves when nothing is touched any more: the journal may be closed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#interval);
    await this.#trimming?.catch(() => undefined);
  }

  /** Trims now, unless that is under way. */
  trim(): Promise<void> {
    return (this.#trimming ??= this.#trim().finally(() => (this.#trimming = undefined)));
  }

  async #trim(): Promise<void> {
    const { journal, clock } = this.#parts;
    for (const subject of TRIM_SUBJECTS) {
      const before = clock.now() - keptMs(subject, this.#parts);
      while (!this.#stopped && trimPortion(journal, subject, before)) await turn();
    }
    if (journal.bytes().used > this.#largest) await this.#trimForSize(this.#largest * (1 - ROOM));
    while (!this.#stopped && journal.giveBack(PAGES_AT_ONCE)) await turn();
  }

  get #largest(): number {
    return this.#parts.largest ?? LARGEST;
  }

  /** The oldest of all goes first, whatever it is. */
  async #trimForSize(bytes: number): Promise<void> {
    const { journal, clock } = this.#parts;
    const before = clock.now() - YOUNGEST_TRIMMED_MS;
    let candidates = [...MAY_GO_EARLY];
    while (!this.#stopped && candidates.length > 0 && journal.bytes().used > bytes) {
      const ages = candidates.map((subject) => ({ subject, at: oldestOf(journal, subject) ?? Infinity }));
      const { subject } = ages.reduce((a, b) => (b.at < a.at ? b : a));
      if (!trimPortion(journal, subject, before))
        candidates = candidates.filter((other) => other !== subject);
      await turn();
    }
  }
}
