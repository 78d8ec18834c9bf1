import type { SqsQueue } from './fauxqs.ts';

/** How long a deduplication id is remembered. */
const REMEMBERED_MS = 5 * 60 * 1000;

/** A message that was sent under a deduplication id. */
export interface SentUnderId {
  readonly messageId: string;
  readonly sequenceNumber: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Keeps what a queue remembers beyond the process. */
export interface DeduplicationKeeper {
  put(id: string, sent: SentUnderId): void;
  remove(id: string): void;
}

/**
 * Which deduplication ids a FIFO queue was given in the last five minutes of the cloud's clock.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 */
export class Deduplication {
  readonly #now: () => number;
  readonly #keeper: DeduplicationKeeper | undefined;
  /** The oldest first. */
  readonly #sent: Map<string, SentUnderId>;

  constructor(
    now: () => number,
    sent: Iterable<readonly [id: string, sent: SentUnderId]> = [],
    keeper?: DeduplicationKeeper,
  ) {
    this.#now = now;
    this.#sent = new Map(sent);
    this.#keeper = keeper;
  }

  check(id: string): ReturnType<SqsQueue['checkDeduplication']> {
    this.#forgetOld();
    const sent = this.#sent.get(id);
    if (!sent) return { isDuplicate: false };
    const { messageId, sequenceNumber } = sent;
    const original = { isDuplicate: true, originalMessageId: messageId };
    return sequenceNumber === undefined ? original : { ...original, originalSequenceNumber: sequenceNumber };
  }

  record(id: string, messageId: string, sequenceNumber?: string): void {
    const sent = { messageId, sequenceNumber, at: this.#now() };
    this.#sent.delete(id);
    this.#sent.set(id, sent);
    this.#keeper?.put(id, sent);
  }

  #forgetOld(): void {
    const until = this.#now() - REMEMBERED_MS;
    for (const [id, { at }] of this.#sent) {
      if (at > until) return;
      this.#sent.delete(id);
      this.#keeper?.remove(id);
    }
  }
}
