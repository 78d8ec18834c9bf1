import type { CacheAddress } from './cache-address.ts';
import { CacheUnavailable } from './cache-unavailable.ts';
import { RespLine, type Command, type Reply } from './resp-line.ts';

/** How long the cache is waited for, in milliseconds. */
export interface CachePatience {
  readonly connect: number;
  readonly command: number;
}

/** For who has a table to go to instead: the cache must never cost more than it saves. */
export const READER: CachePatience = { connect: 250, command: 150 };

/** For who has nothing better to do, and would be called again. */
export const WRITER: CachePatience = { connect: 1_000, command: 2_000 };

/** Milliseconds for which a cache that failed is left alone. */
const REST = 5_000;

/** Milliseconds without use after which a connection is not trusted: Lambda's network forgets it after 350 s. */
const IDLE = 60_000;

/**
 * The container's one connection to the cache, opened when it is first needed and again after it was lost. After a
 * failure nothing is sent for a while, so that a cache that is down costs one wait, not one a request.
 */
export class RespConnection {
  readonly #address: CacheAddress;
  readonly #patience: CachePatience;
  #line: Promise<RespLine> | undefined;
  #usedAt = 0;
  #restUntil = 0;

  constructor(address: CacheAddress, patience: CachePatience) {
    this.#address = address;
    this.#patience = patience;
  }

  /** The replies to the commands, in their order. @throws CacheUnavailable */
  async send(commands: readonly Command[]): Promise<Reply[]> {
    const now = Date.now();
    if (now < this.#restUntil) {
      throw new CacheUnavailable('failed just now and is left alone', { unasked: true });
    }
    const idle = this.#line !== undefined && now - this.#usedAt > IDLE;
    this.#usedAt = now;
    if (idle) await this.#retire();
    try {
      const line = await (this.#line ??= this.#open());
      const replies = await line.send(commands, this.#patience.command);
      const turnedAway = replies.find(isTurnedAway);
      if (turnedAway !== undefined) throw line.end(`is not the one to ask: ${turnedAway.message}`);
      return replies;
    } catch (error) {
      this.#line = undefined;
      this.#restUntil = Date.now() + REST;
      throw error;
    }
  }

  /** Ends the connection; the next command opens a new one. */
  async close(): Promise<void> {
    const line = await this.#line?.catch(() => undefined);
    line?.end('is not needed any more');
  }

  /** One that was closed while nobody used it is no failure of the cache. */
  #open(): Promise<RespLine> {
    const opened = RespLine.open(this.#address, this.#patience.connect, () => {
      if (this.#line === opened) this.#line = undefined;
    });
    return opened;
  }

  async #retire(): Promise<void> {
    const line = await this.#line?.catch(() => undefined);
    if (line?.busy === false) line.end('was not used for long');
  }
}

/** A replica after a failover, or a server that is still starting: the name may lead to another one next time. */
function isTurnedAway(reply: Reply): reply is Error {
  return reply instanceof Error && /^(READONLY|LOADING|MASTERDOWN|CLUSTERDOWN)/.test(reply.message);
}
