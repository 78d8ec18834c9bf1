import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
// The decoder alone: the whole client would add 426 KB to a bundle, of which 300 are allowed, and 60 ms to its start.
import { Decoder } from '@redis/client/dist/lib/RESP/decoder.js';
import type { CacheAddress } from './cache-address.ts';
import { CacheUnavailable } from './cache-unavailable.ts';

/** A command and its arguments. */
export type Command = readonly [string, ...string[]];

/** What the cache answers to one command; an error is a value here, because others may stand beside it. */
export type Reply = string | number | null | Error | readonly Reply[];

interface Waiting {
  left: number;
  readonly replies: Reply[];
  readonly resolve: (replies: Reply[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One connection that speaks RESP 2, the protocol of Redis and Valkey. Commands are sent as they come, without waiting
 * for earlier replies; replies come in the commands' order. Whatever goes wrong ends it: after a lost or late reply
 * nobody could tell which reply belongs to what.
 *
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export class RespLine {
  readonly #socket: Socket;
  readonly #decoder: Decoder;
  readonly #waiting: Waiting[] = [];
  readonly #ended: () => void;
  #end: Error | undefined;

  private constructor(address: CacheAddress, ended: () => void) {
    this.#socket = socketTo(address);
    this.#ended = ended;
    this.#decoder = new Decoder({
      onReply: (reply) => this.#take(reply),
      onErrorReply: (error) => this.#take(error),
      onPush: () => undefined,
      getTypeMapping: () => ({}),
    });
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk) => this.#read(chunk));
    this.#socket.on('error', (error) => this.end(`broke off: ${error.message}`));
    this.#socket.on('close', () => this.end('closed the connection'));
  }

  /**
   * A connection that is ready for commands within so many milliseconds.
   *
   * @param ended called once, when it cannot be used any more. @throws CacheUnavailable
   */
  static async open(address: CacheAddress, timeoutMs: number, ended: () => void): Promise<RespLine> {
    const line = new RespLine(address, ended);
    await line.#connected(timeoutMs, address.tls ? 'secureConnect' : 'connect');
    if (address.auth.length > 0) {
      const [reply] = await line.send([['AUTH', ...address.auth]], timeoutMs);
      if (reply instanceof Error) throw line.end(`refused the login: ${reply.message}`);
    }
    return line;
  }

  /** Whether something is being waited for. */
  get busy(): boolean {
    return this.#waiting.length > 0;
  }

  /** The replies to the commands, in their order. @throws CacheUnavailable when they do not come in time. */
  send(commands: readonly Command[], timeoutMs: number): Promise<Reply[]> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    const { promise, resolve, reject } = Promise.withResolvers<Reply[]>();
    this.#waiting.push({ left: commands.length, replies: [], resolve, reject });
    this.#socket.write(commands.map(encoded).join(''));
    const timer = setTimeout(() => this.end(`did not answer within ${timeoutMs} ms`), timeoutMs);
    return promise.finally(() => clearTimeout(timer));
  }

  /** Ends the connection and everything that waits for it. The first reason counts, and is given back. */
  end(problem: string): Error {
    if (this.#end !== undefined) return this.#end;
    const error = new CacheUnavailable(problem);
    this.#end = error;
    this.#socket.destroy();
    this.#ended();
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    return error;
  }

  #connected(timeoutMs: number, event: 'connect' | 'secureConnect'): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.#waiting.push({ left: 1, replies: [], resolve: () => resolve(undefined), reject });
    this.#socket.once(event, () => this.#take(null));
    const timer = setTimeout(() => this.end(`did not connect within ${timeoutMs} ms`), timeoutMs);
    return promise.finally(() => clearTimeout(timer));
  }

  #read(chunk: Buffer): void {
    // What was read from the network before the end may still come after it.
    if (this.#end !== undefined) return;
    try {
      this.#decoder.write(chunk);
    } catch {
      this.end('does not speak RESP');
    }
  }

  #take(reply: Reply): void {
    if (this.#end !== undefined) return;
    const [waiting] = this.#waiting;
    if (waiting === undefined) {
      this.end('said something that nobody asked for');
      return;
    }
    waiting.replies.push(reply);
    waiting.left -= 1;
    if (waiting.left > 0) return;
    this.#waiting.shift();
    waiting.resolve(waiting.replies);
  }
}

function socketTo({ host, port, tls }: CacheAddress): Socket {
  if (!tls) return connectTcp({ host, port });
  return connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}) });
}

function encoded(command: Command): string {
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}
