import type { StateKind } from './state.ts';

/**
 * What `parse` makes of something that was kept.
 * @throws Error with the remedy, naming what it was, where it can't be read.
 */
export function readKept<T>(kind: StateKind, key: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new Error(
      `The state holds a ${kind} that can't be read, ${key}: start with --fresh, which empties it.`,
      { cause },
    );
  }
}
