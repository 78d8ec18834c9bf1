/** The kinds of dead letters, in the order in which they are listed and redriven. */
export const KINDS = ['change', 'quarantine', 'event', 'execution'] as const;

/**
 * What could not be handled:
 *
 * - `change`: a batch of changes that a stream's mapping gave up;
 * - `quarantine`: a record that the dispatcher can't read;
 * - `event`: an event that a consumer could not handle;
 * - `execution`: an execution of the order workflow that failed, timed out or was aborted.
 */
export type Kind = (typeof KINDS)[number];

/** A dead letter as staff see it. */
export interface Letter {
  readonly id: string;
  readonly kind: Kind;
  /** What it goes back to: `stream-dispatcher/orders`, `notify-customer`, `order-workflow`. */
  readonly source: string;
  /** A short class to group by: an error's type, or the condition under which it was given up. */
  readonly cause: string;
  /** One sentence, without personal data. */
  readonly message: string;
  /** ISO 8601. */
  readonly at: string;
  /** How many changes or events it holds. */
  readonly records: number;
  /** Up to ten of what it speaks of: `order 536365`. */
  readonly subjects: readonly string[];
  /** Or the reason why it can't be. */
  readonly redrivable: true | string;
}

/** A dead letter where it waits, and what can be done about it. */
export interface Waiting {
  readonly letter: Letter;
  /** All that is known of it. */
  readonly payload: unknown;
  /** Where a list goes on behind it. */
  readonly position: string;
  /** Items whose changes it holds: later changes of them wait behind it. Lanes have no items in common. */
  readonly lane: string;
  readonly items: readonly string[];
  /** Tries it again, and takes it away when that went well. Answers why it stays, if it does. */
  redrive(): Promise<string | undefined>;
  /** Takes it away for good. Answers why it stays, if it does. */
  discard(): Promise<string | undefined>;
}

/** Letters that may be redriven at once; none where a walk came further and found nothing. */
export interface Group {
  readonly waiting: readonly Waiting[];
  /** Where a walk goes on behind them. */
  readonly position: string;
}

/** Which dead letters of a kind are asked for. */
export interface Wanted {
  /** Only those behind this position. */
  readonly after?: string | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly source?: string | undefined;
  /** Whether the time is over in which to look for more. */
  readonly isLate?: (() => boolean) | undefined;
  /** Told of a source that was not looked through to its end. */
  readonly cut?: ((source: string) => void) | undefined;
}

/** A place where dead letters of one kind wait. */
export interface Shelf {
  readonly kind: Kind;
  /** Whether a position stays valid while letters go; in a queue it does not. */
  readonly keepsPlaces: boolean;
  /**
   * In the order of redriving, one by one where changes of an item keep their order. What is held for that is given free when the walk goes on to its end or is left, so each group has to
   * be dealt with before the next is asked for.
   */
  walk(wanted: Wanted): AsyncIterable<Group>;
}

/** At most this many subjects are told of a letter. */
export const MOST_SUBJECTS = 10;
