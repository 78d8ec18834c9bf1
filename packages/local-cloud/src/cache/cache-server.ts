import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { Keyspace } from './keyspace.ts';
import { failure, written } from './reply.ts';
import { ProtocolError, RespReader } from './resp-reader.ts';
import { Session } from './session.ts';

/** Answers that a client does not fetch may take so many bytes; then its connection ends. */
const MOST_UNFETCHED_BYTES = 32 * 1024 * 1024;

/**
 * A small cache that speaks Redis's protocol, for machines without Redis or Valkey: sorted sets with expiry, and no
 * more than the commands that a cache of versioned entries needs. It is in memory and listens on the loopback interface.
 */
export class CacheServer {
  readonly #server: Server;
  readonly #keys: Keyspace;
  readonly #sockets = new Set<Socket>();
  #connections = 0;

  /** @param capacity bytes that it may take; 64 MB unless it is given. */
  constructor(clock: Clock, capacity?: number) {
    this.#keys = new Keyspace(clock, capacity);
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  /** @param port 0 for any free one. @returns the port. @throws Error with the remedy when the port is taken. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (cause) =>
        reject(new Error(`The cache can't listen on port ${port}: ${cause.message}. Start again`, { cause })),
      );
      this.#server.listen(port, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /** Stops listening and ends every connection. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  #serve(socket: Socket): void {
    this.#connections += 1;
    const session = new Session(this.#keys, this.#connections);
    const reader = new RespReader();
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // A client that goes away needs no answer.
    socket.on('error', () => socket.destroy());
    socket.on('data', (piece) => this.#answer(socket, session, reader, piece));
  }

  #answer(socket: Socket, session: Session, reader: RespReader, piece: Buffer): void {
    if (session.isOver) return;
    let answers = '';
    try {
      for (const command of reader.push(piece)) {
        answers += session.answer(command);
        if (session.isOver || socket.writableLength + answers.length > MOST_UNFETCHED_BYTES) break;
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      session.isOver = true;
      answers += written(failure(`ERR ${error.message}`), 2);
    }
    if (session.isOver) socket.end(answers, 'latin1');
    else if (socket.writableLength + answers.length > MOST_UNFETCHED_BYTES) socket.destroy();
    else if (answers !== '') socket.write(answers, 'latin1');
  }
}
