import type { Clock } from '../clock.ts';
import type { HostAndPort } from '../stack/resource-type.ts';

/** What answers as the cache. */
export type CacheKind = 'external' | 'valkey-server' | 'redis-server' | 'built-in';

export interface LocalCacheOptions {
  readonly port: number;
  /** A cache that runs already and is not ours to start. */
  readonly cacheUrl?: string | undefined;
  readonly clock: Clock;
  /** Folders in which Valkey and Redis are looked for; the environment's PATH unless it is given. */
  readonly path?: string;
  /** Hears that a server ended by itself. Whoever uses the cache goes on without it. */
  readonly onError: ((error: unknown, where: string) => void) | undefined;
}

/**
 * The cache of a stack: a Valkey or Redis that is installed on this machine, else a small one of our own. Only in our own
 * does expiry follow the cloud's clock; the others know but the system's.
 */
export class LocalCache {
  readonly #options: LocalCacheOptions;
  #kind: CacheKind | undefined;
  #stop: (() => Promise<void>) | undefined;

  constructor(options: LocalCacheOptions) {
    this.#options = options;
  }

  /** Undefined until it is started. */
  get kind(): CacheKind | undefined {
    return this.#kind;
  }

  /** @throws Error with the remedy when it can't be started. */
  async start(): Promise<void> {
    const { port, cacheUrl, clock, path = process.env['PATH'] ?? '', onError } = this.#options;
    if (cacheUrl) {
      this.#kind = 'external';
      return;
    }
    const { CacheProcess, installedServer } = await import('./cache-process.ts');
    const installed = installedServer(path);
    if (installed) {
      const server = await CacheProcess.start(installed, port, (error) => onError?.(error, 'the cache'));
      this.#stop = () => server.stop();
      this.#kind = installed.name;
      return;
    }
    const { CacheServer } = await import('./cache-server.ts');
    const server = new CacheServer(clock);
    await server.listen(port);
    this.#stop = () => server.close();
    this.#kind = 'built-in';
  }

  async stop(): Promise<void> {
    await this.#stop?.();
  }
}

/**
 * Where a cache of the operator's own is reached (`redis://127.0.0.1:6379`).
 *
 * @throws Error for an address that the functions could not be given: with TLS, a password, or another database.
 */
export function externalCache(url: string): HostAndPort {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isPlain =
    parsed !== undefined &&
    ['redis:', 'valkey:'].includes(parsed.protocol) &&
    parsed.hostname !== '' &&
    parsed.username === '' &&
    parsed.password === '' &&
    ['', '/', '/0'].includes(parsed.pathname) &&
    parsed.search === '';
  if (!isPlain)
    throw new Error(
      'CACHE_URL must be redis://host:port, without a password, TLS or another database than 0. ' +
        'Unset it to run a cache of the local cloud.',
    );
  return { host: parsed.hostname, port: parsed.port === '' ? 6379 : Number(parsed.port) };
}
