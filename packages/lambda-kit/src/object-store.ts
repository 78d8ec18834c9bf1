import { serviceUrl, signedFetch, type SignedRequest } from './signed-request.ts';

/** An object as it was read. */
export interface StoredObject {
  readonly text: string;
  /** ISO 8601, whole seconds. */
  readonly lastModified: string;
}

/** Keys that one answer of a listing may hold. */
const MOST_KEYS = 1_000;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** A bucket that a function writes to or reads from. */
export class ObjectStore {
  readonly #bucket: string;

  constructor(bucket: string) {
    this.#bucket = bucket;
  }

  /**
   * Writes an object whole, over the one that may be there.
   *
   * @param key slashes divide it; everything else is escaped. @throws Error with S3's own words.
   */
  async put(key: string, body: string | Uint8Array<ArrayBuffer>, contentType: string): Promise<void> {
    const headers = { 'content-type': contentType };
    await this.#ask('did not keep', { method: 'PUT', url: this.#url(key), headers, body });
  }

  /** An object, or undefined where there is none. @throws Error with S3's own words. */
  async get(key: string): Promise<StoredObject | undefined> {
    const response = await this.#ask('did not bring', { method: 'GET', url: this.#url(key) }, 404);
    if (response.status === 404) return undefined;
    const lastModified = new Date(response.headers.get('last-modified') ?? 0).toISOString();
    return { text: await response.text(), lastModified };
  }

  /** Whether there is such an object. @throws Error with S3's status. */
  async has(key: string): Promise<boolean> {
    const { status } = await this.#ask('did not look for', { method: 'HEAD', url: this.#url(key) }, 404);
    return status !== 404;
  }

  /** Removes an object, which may be gone already. @throws Error with S3's own words. */
  async remove(key: string): Promise<void> {
    await this.#ask('did not remove', { method: 'DELETE', url: this.#url(key) });
  }

  /**
   * The keys that begin with `prefix`, in their order, page by page as they are asked for.
   *
   * @param after only keys behind this one, which need not be there. @throws Error with S3's own words.
   */
  async *keys(prefix: string, after = ''): AsyncGenerator<string> {
    for (let last = after; ;) {
      const url = new URL(`${serviceUrl('s3')}/${this.#bucket}`);
      const query = { 'list-type': '2', 'max-keys': String(MOST_KEYS), prefix, 'start-after': last };
      url.search = new URLSearchParams(query).toString().replaceAll('+', '%20');
      const response = await this.#ask('did not list', { method: 'GET', url });
      const page = await response.text();
      const keys = [...page.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => unescaped(key));
      yield* keys;
      const end = keys.at(-1);
      if (end === undefined || !page.includes('<IsTruncated>true')) return;
      last = end;
    }
  }

  #url(key: string): URL {
    const path = key.split('/').map(encodeURIComponent).join('/');
    return new URL(`${serviceUrl('s3')}/${this.#bucket}/${path}`);
  }

  async #ask(failed: string, request: Omit<SignedRequest, 'service'>, allowed = 0): Promise<Response> {
    const response = await signedFetch({ service: 's3', ...request });
    if (response.ok || response.status === allowed) return response;
    throw new Error(`S3 ${failed} ${request.url.pathname}: ${response.status} ${await response.text()}`);
  }
}

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
    return ENTITIES[name] ?? all;
  });
}
