import { z } from 'zod';

import type { State } from '../journal/state.ts';
import { attributes } from './attribute-values.ts';
import type { AttributeMap, StreamRecord } from './change.ts';

/** An item that a write is about to change, and what it was before. */
export interface IntendedItem {
  readonly table: string;
  readonly key: AttributeMap;
  readonly before: AttributeMap | undefined;
}

/** A write that was begun. It is open until the changes it made, if any, are in the stream. */
export interface Intent {
  readonly items: readonly IntendedItem[];
  /** Who writes, where it is the service itself. */
  readonly userIdentity?: StreamRecord['userIdentity'];
}

/**
 * What writes are about to do, noted before they are sent. An intent that was never closed tells which items have to
 * be compared with what they were, because a change of theirs may be missing from the stream.
 */
export interface Intents {
  /** Resolves when the intent outlives the process: only then may the write be sent. */
  open(intent: Intent): Promise<Intent>;
  close(intent: Intent): void;
  /** Those left open by an earlier process. */
  leftOpen(): readonly Intent[];
}

/** Intents of a cloud that keeps nothing: they end with the process, as its tables do. */
export class IntentsInMemory implements Intents {
  readonly #open = new Set<Intent>();

  async open(intent: Intent): Promise<Intent> {
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

const keptIntent: z.ZodType<Intent> = z.object({
  items: z.array(
    z.object({ table: z.string(), key: attributes, before: attributes.optional() }).transform((item) => ({
      ...item,
      before: item.before,
    })),
  ),
  userIdentity: z.object({ type: z.string(), principalId: z.string() }).optional(),
});

/**
 * Intents that outlive the process. An intent's end is written in one transaction with the changes that were appended
 * before it, so a change is never appended twice.
 */
export class KeptIntents implements Intents {
  readonly #state: State;
  readonly #keys = new WeakMap<Intent, string>();
  #next = 1;

  constructor(state: State) {
    this.#state = state;
  }

  async open(intent: Intent): Promise<Intent> {
    const key = String(this.#next++);
    this.#keys.set(intent, key);
    this.#state.put('intent', key, intent);
    await this.#state.durable();
    return intent;
  }

  close(intent: Intent): void {
    const key = this.#keys.get(intent);
    if (key !== undefined) this.#state.remove('intent', key);
  }

  leftOpen(): readonly Intent[] {
    return this.#state.entries('intent').map(([key, value]) => {
      const intent = keptIntent.parse(value);
      this.#keys.set(intent, key);
      this.#next = Math.max(this.#next, Number(key) + 1);
      return intent;
    });
  }
}
