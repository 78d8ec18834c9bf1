import type { AttributeMap } from './change.ts';

/** An item that a write is about to change, and what it was before. */
export interface IntendedItem {
  readonly table: string;
  readonly key: AttributeMap;
  readonly before: AttributeMap | undefined;
}

/** A write that was begun. It is open until the changes it made, if any, are in the stream. */
export interface Intent {
  readonly items: readonly IntendedItem[];
}

/**
 * What writes are about to do, noted before they are sent. An intent that was never closed tells which items have to
 * be compared with what they were, because a change of theirs may be missing from the stream.
 */
export interface Intents {
  open(items: readonly IntendedItem[]): Intent;
  close(intent: Intent): void;
  /** Those left open by an earlier process. */
  leftOpen(): readonly Intent[];
}

/** Intents of a cloud that keeps nothing: they end with the process, as its tables do. */
export class IntentsInMemory implements Intents {
  readonly #open = new Set<Intent>();

  open(items: readonly IntendedItem[]): Intent {
    const intent = { items };
    this.#open.add(intent);
    return intent;
  }

  close(intent: Intent): void {
    this.#open.delete(intent);
  }

  leftOpen(): readonly Intent[] {
    return [...this.#open];
  }
}
