import { MovableClock } from '../clock.ts';
import { CacheServer } from './cache-server.ts';
import { behavesAsACache, clientOf, RawConnection } from './commands.fixture.ts';

describe('the built-in cache', () => {
  const clock = new MovableClock();
  const server = new CacheServer(clock);
  let port = 0;
  beforeAll(async () => {
    port = await server.listen(0);
  });
  afterAll(() => server.close());

  behavesAsACache(() => port);

  it('lets keys expire by the cloud’s clock', async () => {
    const client = await clientOf(port);
    await client.multi().zAdd('a', { score: 1, value: 'x' }).pExpire('a', 3_600_000).exec();
    await clock.advance(3_599_000);
    const before = await client.exists('a');
    await clock.advance(1_000);

    expect([before, await client.exists('a')]).toEqual([1, 0]);
    client.destroy();
  });

  const raw = async (text: string, end: string) => {
    const connection = new RawConnection(port);
    connection.send(text);
    const heard = await connection.until(end);
    connection.close();
    return heard;
  };

  it('answers commands written by hand, in the order in which they came', async () => {
    expect(await raw('PING\r\nPING hi\r\nZCARD nothing\r\n', ':0\r\n')).toBe('+PONG\r\n$2\r\nhi\r\n:0\r\n');
  });

  it.each([
    ['HELLO 4', '-NOPROTO unsupported protocol version\r\n'],
    ['HELLO 2 AUTH a b', '-ERR AUTH <password> called without any password configured'],
    ['AUTH secret', '-ERR AUTH <password> called without any password configured'],
    ['SELECT 0', '+OK\r\n'],
    ['SELECT 1', '-ERR DB index is out of range'],
    ['CLIENT SETNAME me', '+OK\r\n'],
    ['CLIENT KILL x', "-ERR unknown subcommand 'KILL'"],
    ['DISCARD', '-ERR DISCARD without MULTI\r\n'],
    ['GET a', "-ERR unknown command 'GET', with args beginning with: 'a' \r\n"],
    ['EXPIRE a 1 NX', '-ERR Unsupported option NX\r\n'],
    ['FLUSHDB LATER', '-ERR syntax error\r\n'],
  ])('answers %s', async (command, answer) => {
    expect(await raw(`${command}\r\n`, '\r\n')).toContain(answer);
  });

  it('speaks the version of the protocol that HELLO asks for', async () => {
    expect(await raw('HELLO 3\r\nZSCORE a b\r\nHELLO 2\r\nZSCORE a b\r\n', '$-1\r\n')).toMatch(
      /^%7\r\n\$6\r\nserver\r\n[\s\S]*\$5\r\nproto\r\n:3\r\n[\s\S]*\r\n_\r\n\*14\r\n[\s\S]*\$-1\r\n$/,
    );
  });

  it('does nothing of a transaction that is discarded, and does not begin one within another', async () => {
    const text = ['MULTI', 'MULTI', 'ZADD a 1 x', 'DISCARD', 'ZCARD a'].map((line) => `${line}\r\n`).join('');
    expect(await raw(text, ':0\r\n')).toBe(
      '+OK\r\n-ERR MULTI calls can not be nested\r\n+QUEUED\r\n+OK\r\n:0\r\n',
    );
  });

  it('does nothing of a transaction with a command that is wrong', async () => {
    const text = ['MULTI', 'ZADD a 1 x', 'ZADD a', 'EXEC', 'ZCARD a'].map((line) => `${line}\r\n`).join('');
    expect(await raw(text, ':0\r\n')).toContain(
      '-EXECABORT Transaction discarded because of previous errors.\r\n:0\r\n',
    );
  });

  it('says good-bye', async () => {
    const connection = new RawConnection(port);
    connection.send('QUIT\r\nPING\r\n');
    expect(await connection.untilOver()).toBe('+OK\r\n');
  });

  it('ends the connection of who does not speak its protocol, and nobody else’s', async () => {
    const other = await clientOf(port);
    const connection = new RawConnection(port);
    connection.send(Buffer.from('*1\r\n$4\r\nPING\r\n*1\r\n!!!\r\n'));

    expect(await connection.untilOver()).toBe("+PONG\r\n-ERR Protocol error: expected '$', got '!'\r\n");
    expect(await other.ping()).toBe('PONG');
    other.destroy();
  });

  it('can not be sent a line break within an error', async () => {
    const connection = new RawConnection(port);
    connection.send('*2\r\n$3\r\nA\nB\r\n$6\r\na\r\n+OK\r\n');
    expect(await connection.until('\r\n')).toBe(
      "-ERR unknown command 'A B', with args beginning with: 'a +OK' \r\n",
    );
    connection.close();
  });

  it('takes no command between MULTI and EXEC beyond 32 MB', async () => {
    const client = await clientOf(port);
    const value = 'x'.repeat(8_000_000);
    const transaction = client.multi();
    for (let score = 0; score < 5; score += 1) transaction.zAdd('a', { score, value });

    await expect(transaction.exec()).rejects.toThrow('ERR a transaction may have up to 33554432 bytes here');
    expect(await client.exists('a')).toBe(0);
    client.destroy();
  });

  it('says so when its port is taken', async () => {
    await expect(new CacheServer(clock).listen(port)).rejects.toThrow(
      `The cache can't listen on port ${port}: listen EADDRINUSE`,
    );
  });
});
