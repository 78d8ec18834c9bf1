import { createServer, type Server, type Socket } from 'node:net';
import { Decoder } from '@redis/client/dist/lib/RESP/decoder.js';

/** So long that no busy machine makes a test fail. */
export const PATIENCE = { connect: 30_000, command: 30_000 };

type Entry = { member: string; score: number };

/** The sorted sets of a cache, and the commands on them that we use, in Redis's words. */
export class SortedSets {
  readonly sets = new Map<string, Entry[]>();
  readonly lives = new Map<string, number>();

  run([name = '', key = '', ...rest]: readonly string[]): unknown {
    const set = this.sets.get(key) ?? [];
    switch (name) {
      case 'ZADD': {
        const [score = '', member = ''] = rest;
        const others = set.filter((entry) => entry.member !== member);
        const all = [...others, { member, score: Number(score) }];
        this.sets.set(key, all.toSorted(byRank));
        return all.length - set.length;
      }
      case 'ZREMRANGEBYRANK': {
        expect(rest).toEqual(['0', '-2']);
        this.sets.set(key, set.slice(-1));
        return Math.max(0, set.length - 1);
      }
      case 'ZRANGE':
        expect(rest).toEqual(['-1', '-1']);
        return set.slice(-1).map(({ member }) => member);
      case 'PEXPIRE':
        this.lives.set(key, Number(rest[0]));
        return 1;
      case 'DEL':
        return [key, ...rest].filter((each) => this.sets.delete(each)).length;
      default:
        return new Error(`ERR unknown command '${name}'`);
    }
  }
}

function byRank(a: Entry, b: Entry): number {
  return a.score - b.score || (a.member < b.member ? -1 : 1);
}

/** A small cache on a loopback port, of which a test decides how it behaves. */
export class RespServer {
  readonly data = new SortedSets();
  /** Every command it was sent. */
  readonly commands: string[][] = [];
  connections = 0;
  /** Says nothing to any command, when set. */
  silent = false;
  /** What it answers instead of carrying out a command. */
  answer: (command: readonly string[]) => string | undefined = () => undefined;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server = createServer((socket) => this.#serve(socket));

  /** @returns its URL. */
  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    const address = this.#server.address();
    return `redis://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  async stop(): Promise<void> {
    this.hangUp();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    let queue: string[][] | undefined;
    const decoder = new Decoder({
      onReply: (command: string[]) => {
        this.commands.push(command);
        if (this.silent) return;
        const scripted = this.answer(command);
        if (scripted !== undefined) socket.write(scripted);
        else if (command[0] === 'AUTH') socket.write('+OK\r\n');
        else if (command[0] === 'MULTI') socket.write(((queue = []), '+OK\r\n'));
        else if (command[0] === 'EXEC') {
          socket.write(encode((queue ?? []).map((each) => this.data.run(each))));
          queue = undefined;
        } else if (queue) socket.write((queue.push(command), '+QUEUED\r\n'));
        else socket.write(encode(this.data.run(command)));
      },
      onErrorReply: () => undefined,
      onPush: () => undefined,
      getTypeMapping: () => ({}),
    });
    socket.on('data', (chunk) => decoder.write(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

function encode(reply: unknown): string {
  if (reply instanceof Error) return `-${reply.message}\r\n`;
  if (typeof reply === 'number') return `:${reply}\r\n`;
  if (Array.isArray(reply)) return `*${reply.length}\r\n${reply.map(encode).join('')}`;
  return `$${Buffer.byteLength(String(reply))}\r\n${String(reply)}\r\n`;
}
