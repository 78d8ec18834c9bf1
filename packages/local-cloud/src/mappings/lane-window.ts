import type { Clock, ClockTimer } from '../clock.ts';
import type { Mapping } from '../stack/model.ts';
import type { Change, ChangeStream } from '../tables/change.ts';
import { holds, isOverfull, leading, type OpenWindow, windowAt, windowMembers } from './tumbling-window.ts';

/** What a lane's window works with. */
export interface LaneWindowParts {
  readonly mapping: Pick<Mapping, 'tumblingWindowSeconds'>;
  readonly stream: Pick<ChangeStream, 'arn' | 'shardId'>;
  readonly clock: Clock;
}

/** The tumbling windows of a lane: at most one is open, from the first delivery of its changes to its final one. */
export class LaneWindow {
  readonly #parts: LaneWindowParts;
  readonly #onEnd: () => void;
  #window: OpenWindow | undefined;
  /** Windows of an earlier process that are ended after the open one, before any other is opened. */
  #next: readonly OpenWindow[] = [];
  #timer: ClockTimer | undefined;

  /** @param onEnd called when an open window's time is over. */
  constructor(parts: LaneWindowParts, onEnd: () => void) {
    this.#parts = parts;
    this.#onEnd = onEnd;
  }

  /** All windows that are not ended, the open one first. */
  get windows(): readonly OpenWindow[] {
    return this.#window ? [this.#window, ...this.#next] : [];
  }

  /** Goes on with these. */
  restore([first, ...next]: readonly OpenWindow[]): void {
    this.#next = next;
    if (first) this.#begin(first);
  }

  /** When the open window ends, in epoch seconds; undefined when none is open. */
  get end(): number | undefined {
    return this.#window?.end;
  }

  /** Whether the open window's time is over. */
  get hasEnded(): boolean {
    return this.#window !== undefined && this.#parts.clock.now() >= this.#window.end * 1000;
  }

  /**
   * Whether the open window must be ended before this change goes out, which is one of another window. A change of an
   * earlier one (the time was set back) ends it, too.
   */
  endsBefore(next: Change): boolean {
    return this.#window !== undefined && !holds(this.#window, createdAt(next));
  }

  /** How many of these, from the first on, one batch may hold. */
  leading(changes: readonly Change[]): number {
    return leading(changes.map(createdAt), this.#parts.mapping.tumblingWindowSeconds);
  }

  /** Whether both are in the same window. */
  holdsBoth(first: Change, last: Change): boolean {
    return this.leading([first, last]) === 2;
  }

  /** Opens the window of a change that goes out, unless it is open. */
  open(first: Change): void {
    if (!this.#window) this.#begin(this.#windowOf(first));
  }

  /** What an event says of its window. @param first of the event's changes; a final event has none. */
  members(first: Change | undefined): string {
    const window = this.#window ?? (first && this.#windowOf(first));
    return window ? windowMembers(window, this.#parts.stream, first === undefined) : '';
  }

  /** Keeps what the function answered. @returns whether it is so much that the window must be ended early. */
  keep(state: string): boolean {
    if (!this.#window) return false;
    this.#window = { ...this.#window, state };
    return isOverfull(this.#window);
  }

  /** Drops the open window with its state. */
  close(): void {
    this.#parts.clock.clearTimeout(this.#timer);
    this.#window = undefined;
    this.restore(this.#next);
  }

  #begin(window: OpenWindow): void {
    const { clock } = this.#parts;
    this.#window = window;
    this.#timer = clock.setTimeout(this.#onEnd, window.end * 1000 - clock.now());
  }

  #windowOf(change: Change): OpenWindow {
    return windowAt(createdAt(change), this.#parts.mapping.tumblingWindowSeconds);
  }
}

function createdAt({ record }: Change): number {
  return record.dynamodb.ApproximateCreationDateTime;
}
