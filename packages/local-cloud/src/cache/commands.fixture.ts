import { createClient } from '@redis/client';
import { connect, type Socket } from 'node:net';

/** A client as applications have it. */
export async function clientOf(port: number, protocol: 2 | 3 = 3) {
  const client = createClient({
    url: `redis://127.0.0.1:${port}`,
    RESP: protocol,
    socket: { reconnectStrategy: false },
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A connection on which anything may be sent. */
export class RawConnection {
  readonly #socket: Socket;
  #heard = '';
  #isOver = false;
  #wake: () => void = () => undefined;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('data', (piece) => {
      this.#heard += piece.toString('latin1');
      this.#wake();
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.#isOver = true;
      this.#wake();
    });
  }

  send(text: string | Buffer): void {
    this.#socket.write(text);
  }

  /** Everything that was answered, once that ends so or the connection has ended. */
  async until(end: string): Promise<string> {
    while (!this.#heard.endsWith(end) && !this.#isOver)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#heard;
  }

  /** Everything that was answered until the connection ended. */
  async untilOver(): Promise<string> {
    while (!this.#isOver) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#heard;
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** What a cache does for an application: the same for the built-in one and for a real one. */
export function behavesAsACache(port: () => number): void {
  describe.each([2, 3] as const)('to a client of RESP%i', (protocol) => {
    let client: Awaited<ReturnType<typeof clientOf>>;
    beforeEach(async () => {
      client = await clientOf(port(), protocol);
      await client.flushDb();
    });
    afterEach(() => client.destroy());

    /** Writes an entry as a cache of versioned entries does: the highest version stays, whatever comes in which order. */
    const write = (version: number, value: string) =>
      client
        .multi()
        .zAdd('product#a', { score: version, value })
        .zRemRangeByRank('product#a', 0, -2)
        .pExpire('product#a', 60_000)
        .exec();

    it('keeps the highest version, in whatever order they come', async () => {
      const replies = await write(3, 'three');
      await write(2, 'two');
      await write(4, '');
      await write(1, 'one');

      expect(replies).toEqual([1, 0, 1]);
      expect(await client.zRangeWithScores('product#a', 0, -1)).toEqual([{ value: '', score: 4 }]);
    });

    it('answers members by rank, from both ends, whatever is in them', async () => {
      const value = '{"name":"Käse – 🧀\\r\\n"}';
      await client.zAdd('a', [
        { score: 1_700_000_000_000.5, value },
        { score: -1, value: 'b' },
        { score: Infinity, value: 'c' },
      ]);

      expect(await client.zRange('a', 0, -1)).toEqual(['b', value, 'c']);
      expect(await client.zRange('a', 0, 0, { REV: true })).toEqual(['c']);
      expect(await client.sendCommand(['ZREVRANGE', 'a', '1', '-1'])).toEqual([value, 'b']);
      expect(await client.zRange('a', 5, 9)).toEqual([]);
      expect(await client.zRange('nothing', 0, -1)).toEqual([]);
      expect(await client.zScore('a', value)).toBe(1_700_000_000_000.5);
      expect(await client.zScore('a', 'nothing')).toBeNull();
      expect(await client.zRemRangeByRank('a', 0, 1)).toBe(2);
      expect(await client.zRange('a', 0, -1)).toEqual(['c']);
    });

    it('counts what was added, and changes where it is told to', async () => {
      const add = (score: number, ...options: string[]) =>
        client.sendCommand(['ZADD', 'a', ...options, String(score), 'x']);

      expect(await add(1)).toBe(1);
      expect(await add(2)).toBe(0);
      expect(await add(3, 'CH')).toBe(1);
      expect(await add(9, 'NX')).toBe(0);
      expect(await add(1, 'GT')).toBe(0);
      expect(await client.zScore('a', 'x')).toBe(3);
    });

    it('knows how long keys have, and forgets them', async () => {
      await client.zAdd('a', { score: 1, value: 'x' });
      const unlimited = await client.pTTL('a');
      await client.expire('a', 100);
      const limited = await client.pTTL('a');

      expect([unlimited, await client.ttl('a'), await client.ttl('nothing')]).toEqual([-1, 100, -2]);
      expect(limited).toBeGreaterThan(99_000);
      expect([
        await client.pExpire('nothing', 1),
        await client.pExpire('a', -1),
        await client.exists('a'),
      ]).toEqual([0, 1, 0]);
    });

    it('removes, counts and lists keys', async () => {
      for (const key of ['product#a', 'product#b', 'order#a'])
        await client.zAdd(key, { score: 1, value: 'x' });
      const listed: string[] = [];
      for await (const keys of client.scanIterator({ MATCH: 'product#*', COUNT: 100 })) listed.push(...keys);

      expect(listed.sort()).toEqual(['product#a', 'product#b']);
      expect([await client.dbSize(), await client.exists(['product#a', 'product#a', 'x'])]).toEqual([3, 2]);
      expect([await client.del(['product#a', 'nothing']), await client.dbSize()]).toEqual([1, 2]);
      await client.flushDb();
      expect(await client.dbSize()).toBe(0);
    });

    it('does all of a transaction, or nothing', async () => {
      const broken = client.multi().zAdd('a', { score: 1, value: 'x' }).addCommand(['ZADD', 'a']).exec();
      await expect(broken).rejects.toThrow("ERR wrong number of arguments for 'zadd' command");

      expect(await client.exists('a')).toBe(0);
    });

    it('says what is wrong and goes on', async () => {
      const wrong: [string[], string][] = [
        [['ZADD', 'a', 'x', 'y'], 'ERR value is not a valid float'],
        [['ZADD', 'a', '1'], "ERR wrong number of arguments for 'zadd' command"],
        [['ZADD', 'a', '1', 'x', '2'], 'ERR syntax error'],
        [['ZRANGE', 'a', '0', 'x'], 'ERR value is not an integer or out of range'],
        [['EXPIRE', 'a', '1.5'], 'ERR value is not an integer or out of range'],
        [['SCAN', 'x'], 'ERR invalid cursor'],
        [['EXEC'], 'ERR EXEC without MULTI'],
        [['NONSENSE', 'a', 'b'], "ERR unknown command 'NONSENSE', with args beginning with: 'a' 'b' "],
      ];
      for (const [command, message] of wrong)
        await expect(client.sendCommand(command)).rejects.toThrow(message);

      expect(await client.ping()).toBe('PONG');
    });

    it('says something about itself', async () => {
      expect(await client.info()).toMatch(/maxmemory:67108864\r\n[\s\S]*maxmemory_policy:allkeys-lru/);
    });
  });
}
