/** Where the cache is, and who asks. */
export interface CacheAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Arguments of AUTH: password, or user and password. */
  readonly auth: readonly string[];
}

const USUAL_PORT = 6379;

/**
 * Reads CACHE_URL: `redis://host`, or `rediss://user:password@host:6379` with TLS.
 *
 * @throws Error naming what is wrong with it. The URL itself is not told: a password may be in it.
 */
export function cacheAddress(text: string): CacheAddress {
  const url = URL.parse(text);
  if (url === null || url.hostname === '') throw wrong('is no URL with a host');
  const { protocol, hostname, port, username, password, pathname } = url;
  if (protocol !== 'redis:' && protocol !== 'rediss:') throw wrong(`begins with ${protocol}`);
  if (!['', '/', '/0'].includes(pathname)) throw wrong('names a database other than 0');
  if (url.search !== '' || url.hash !== '') throw wrong('has settings behind the host');
  if (username !== '' && password === '') throw wrong('names a user without a password');
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? USUAL_PORT : Number(port),
    tls: protocol === 'rediss:',
    auth: [username, password].filter((part) => part !== '').map(decodeURIComponent),
  };
}

function wrong(what: string): Error {
  return new Error(`CACHE_URL ${what}. Set it to redis://host:6379 or rediss://user:password@host:6379.`);
}
