import { cacheAddress } from './cache-address.ts';
import { READER, RespConnection } from './resp-connection.ts';
import { RespServer } from './resp-server.fixture.ts';

/** The clock stands still until a test moves it; the network goes on. */
beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
afterEach(() => jest.useRealTimers());

let server: RespServer;
let url: string;
let connection: RespConnection;

beforeEach(async () => {
  server = new RespServer();
  url = await server.start();
  connection = new RespConnection(cacheAddress(url), READER);
});

afterEach(async () => {
  await connection.close();
  await server.stop();
});

/** Resolves when the server has seen so many commands. */
async function seen(count: number): Promise<void> {
  while (server.commands.length < count) await new Promise(setImmediate);
}

const ADD = ['ZADD', 'k', '1', 'a'] as const;
const READ = ['ZRANGE', 'k', '-1', '-1'] as const;

it('one connection serves all commands, each with its own replies', async () => {
  const answers = await Promise.all([
    connection.send([ADD, READ]),
    connection.send([['ZADD', 'k', '2', 'é\r\n😀']]),
    connection.send([READ]),
  ]);

  expect(answers).toEqual([[1, ['a']], [1], [['é\r\n😀']]]);
  expect(server.connections).toBe(1);
});

it('nothing is opened before it is needed', () => {
  expect(server.connections).toBe(0);
});

it('an error is the reply of its own command only', async () => {
  const replies = await connection.send([['NONSENSE'], ADD]);

  expect(replies).toEqual([expect.objectContaining({ message: "ERR unknown command 'NONSENSE'" }), 1]);
});

it('user and password come first', async () => {
  connection = new RespConnection(cacheAddress(url.replace('//', '//app:secret@')), READER);

  await connection.send([READ]);

  expect(server.commands).toEqual([['AUTH', 'app', 'secret'], [...READ]]);
});

it('a refused login is an unavailable cache', async () => {
  server.answer = ([name]) => (name === 'AUTH' ? '-WRONGPASS no\r\n' : undefined);
  connection = new RespConnection(cacheAddress(url.replace('//', '//app:secret@')), READER);

  await expect(connection.send([READ])).rejects.toThrow('refused the login: WRONGPASS no');
});

describe('a cache that fails', () => {
  it('is waited for a short time, then left alone for a while, then tried again', async () => {
    await connection.send([ADD]);
    server.silent = true;
    const late = connection.send([READ]);
    await seen(2);
    jest.advanceTimersByTime(150);
    await expect(late).rejects.toThrow('did not answer within 150 ms');

    server.silent = false;
    await expect(connection.send([READ])).rejects.toThrow('left alone');
    jest.advanceTimersByTime(4_999);
    await expect(connection.send([READ])).rejects.toThrow('left alone');
    expect(server.commands).toHaveLength(2);

    jest.advanceTimersByTime(1);
    expect(await connection.send([READ])).toEqual([['a']]);
    expect(server.connections).toBe(2);
  });

  it('fails all that wait for it at once', async () => {
    await connection.send([ADD]);
    server.silent = true;
    const waiting = [connection.send([READ]), connection.send([READ])];
    await seen(3);
    server.hangUp();

    const ends = await Promise.allSettled(waiting);

    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('is not there at all', async () => {
    await server.stop();

    await expect(connection.send([READ])).rejects.toThrow(/broke off: .*ECONNREFUSED/);
    await expect(connection.send([READ])).rejects.toThrow('left alone');
    await server.start();
  });

  it.each([
    'HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n',
    '<html>',
    ':1\r\nHTTP/1.1 400 Bad Request\r\n\r\n',
  ])('is none, but a server that says %j', async (said) => {
    server.answer = () => said;
    const waiting = [connection.send([ADD, READ]), connection.send([READ])];

    const ends = await Promise.allSettled(waiting);

    for (const end of ends) {
      expect(end).toMatchObject({
        status: 'rejected',
        reason: { message: expect.stringContaining('does not speak RESP') },
      });
    }
  });

  it('never connects', async () => {
    // A server that speaks no TLS never ends the handshake of one that does.
    server.silent = true;
    connection = new RespConnection({ ...cacheAddress(url), tls: true }, READER);
    const opening = connection.send([READ]);
    while (server.connections === 0) await new Promise(setImmediate);
    jest.advanceTimersByTime(250);

    await expect(opening).rejects.toThrow('did not connect within 250 ms');
  });

  it('became a replica: another one is looked for', async () => {
    server.answer = ([name]) => (name === 'ZADD' ? '-READONLY replica\r\n' : undefined);
    await expect(connection.send([ADD])).rejects.toThrow('is not the one to ask: READONLY');

    jest.advanceTimersByTime(5_000);
    await connection.send([READ]);

    expect(server.connections).toBe(2);
  });
});

it('a connection that was closed while nobody used it is opened again at once', async () => {
  await connection.send([ADD]);
  server.hangUp();
  for (let n = 0; n < 20; n += 1) await new Promise(setImmediate);

  expect(await connection.send([READ])).toEqual([['a']]);
});

it('a connection that was not used for long is not trusted', async () => {
  await connection.send([ADD]);
  jest.advanceTimersByTime(60_001);

  await connection.send([READ]);

  expect(server.connections).toBe(2);
});
