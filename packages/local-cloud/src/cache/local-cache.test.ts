import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MovableClock } from '../clock.ts';
import { freePort } from '../free-port.ts';
import { clientOf } from './commands.fixture.ts';
import { externalCache, LocalCache } from './local-cache.ts';

describe('the cache of a stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cache-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  let cache: LocalCache;
  afterEach(() => cache.stop());
  const start = async (options: { path: string; cacheUrl?: string; onError?: (error: unknown) => void }) => {
    const port = await freePort();
    cache = new LocalCache({
      port,
      clock: new MovableClock(),
      cacheUrl: undefined,
      onError: undefined,
      ...options,
    });
    await cache.start();
    return port;
  };
  const program = (name: string, script: string) => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  };

  it('is the built-in one where neither Valkey nor Redis is installed', async () => {
    const port = await start({ path: '/no/such/folder' });
    const client = await clientOf(port);

    expect([cache.kind, await client.ping()]).toEqual(['built-in', 'PONG']);
    client.destroy();
  });

  it('is what is installed, Valkey before Redis, and ends with it', async () => {
    const ready = 'echo "Ready to accept connections $*"; exec sleep 1000';
    program('redis-server', ready);
    await start({ path: `:${folder}` });
    const first = cache.kind;
    await cache.stop();
    program('valkey-server', ready);
    await start({ path: `/no/such/folder:${folder}` });

    expect([first, cache.kind]).toEqual(['redis-server', 'valkey-server']);
  });

  it('tells what a server said that does not start', async () => {
    program('valkey-server', 'echo "bind: Address already in use" >&2; exit 1');
    await expect(start({ path: folder })).rejects.toThrow(
      'The cache valkey-server ended (exit 1). Start again. It said: bind: Address already in use',
    );
  });

  it('tells when a server ends by itself', async () => {
    const pidFile = join(folder, 'pid');
    program('valkey-server', `echo $$ > '${pidFile}'; echo "Ready to accept connections"; exec sleep 1000`);
    const end = Promise.withResolvers<unknown>();
    await start({ path: folder, onError: end.resolve });
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');

    expect(await end.promise).toMatchObject({
      message: 'The cache valkey-server ended (SIGKILL): nothing is cached until the next start.',
    });
  });

  it('is not started where one runs already', async () => {
    const port = await start({ path: '/no/such/folder', cacheUrl: 'redis://127.0.0.1:6379' });

    expect(cache.kind).toBe('external');
    await expect(clientOf(port)).rejects.toThrow();
  });
});

describe('CACHE_URL', () => {
  it.each([
    ['redis://127.0.0.1:6380', { host: '127.0.0.1', port: 6380 }],
    ['redis://cache', { host: 'cache', port: 6379 }],
    ['valkey://cache:1/0', { host: 'cache', port: 1 }],
  ])('%s', (url, address) => {
    expect(externalCache(url)).toEqual(address);
  });

  it.each([
    ['rediss://cache:1'],
    ['redis://user:secret@cache:1'],
    ['redis://cache:1/2'],
    ['cache:6379'],
    ['http://cache:1'],
    ['redis://'],
  ])('%s is refused, without being repeated', (url) => {
    expect(() => externalCache(url)).toThrow(
      /^CACHE_URL must be redis:\/\/host:port, without a password, TLS or another database than 0/,
    );
    expect(() => externalCache(url)).not.toThrow(/secret/);
  });
});
