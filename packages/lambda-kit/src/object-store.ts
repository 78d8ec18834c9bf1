import { serviceUrl, signedFetch, type SignedRequest } from './signed-request.ts';

/** An object as it was read. */
export interface StoredObject {
  readonly text: string;
  /** ISO 8601, whole seconds. */
  readonly lastModified: string;
  /** Tells this content from any other, as S3 writes it. */
  readonly eTag: string;
}

/** On which a write depends: that the object is still the one with this ETag, or that there is none. */
export type Condition = { readonly ifMatch: string } | { readonly ifNoneMatch: '*' };

/** Keys that one answer of a listing may hold. */
const MOST_KEYS = 1_000;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

const STEPS: ReadonlySet<string> = new Set(['', '.', '..']);

/** A bucket that a function writes to or reads from. */
export class ObjectStore {
  readonly #bucket: string;

  constructor(bucket: string) {
    this.#bucket = bucket;
  }

  /**
   * Writes an object whole, over the one that may be there. Answers whether the condition held; nothing is written
   * where it did not.
   *
   * @param key slashes divide it; everything else is escaped. @throws Error with S3's own words.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
   */
  async put(
    key: string,
    body: string | Uint8Array<ArrayBuffer>,
    contentType: string,
    condition?: Condition,
  ): Promise<boolean> {
    const headers = { 'content-type': contentType, ...headersOf(condition) };
    const request = { method: 'PUT', url: this.#url(key), headers, body } as const;
    return (await this.#ask('did not keep', request, ...unmet(condition))).ok;
  }

  /** An object, or undefined where there is none. @throws Error with S3's own words. */
  async get(key: string): Promise<StoredObject | undefined> {
    const response = await this.#ask('did not bring', { method: 'GET', url: this.#url(key) }, 404);
    if (response.status === 404) return undefined;
    const lastModified = new Date(response.headers.get('last-modified') ?? 0).toISOString();
    return { text: await response.text(), lastModified, eTag: response.headers.get('etag') ?? '' };
  }

  /** Whether there is such an object. @throws Error with S3's status. */
  async has(key: string): Promise<boolean> {
    const { status } = await this.#ask('did not look for', { method: 'HEAD', url: this.#url(key) }, 404);
    return status !== 404;
  }

  /**
   * Removes an object, which may be gone already. Answers whether the condition held, as it does for what is gone.
   *
   * @throws Error with S3's own words.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
   */
  async remove(key: string, condition?: Condition): Promise<boolean> {
    const request = { method: 'DELETE', url: this.#url(key), headers: headersOf(condition) } as const;
    return (await this.#ask('did not remove', request, ...unmet(condition))).status !== 412;
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

  /** A URL takes the segments `.` and `..` for steps within its path: such a key would name another object, or bucket. */
  #url(key: string): URL {
    const segments = key.split('/');
    if (segments.some((segment) => STEPS.has(segment)))
      throw new Error(
        `The key ${JSON.stringify(key)} has an empty segment, "." or "..": name the object itself.`,
      );
    const path = segments.map(encodeURIComponent).join('/');
    return new URL(`${serviceUrl('s3')}/${this.#bucket}/${path}`);
  }

  async #ask(
    failed: string,
    request: Omit<SignedRequest, 'service'>,
    ...allowed: readonly number[]
  ): Promise<Response> {
    const response = await signedFetch({ service: 's3', ...request });
    if (response.ok || allowed.includes(response.status)) return response;
    throw new Error(`S3 ${failed} ${request.url.pathname}: ${response.status} ${await response.text()}`);
  }
}

function headersOf(condition: Condition | undefined): Readonly<Record<string, string>> {
  if (condition === undefined) return {};
  return 'ifMatch' in condition
    ? { 'if-match': condition.ifMatch }
    : { 'if-none-match': condition.ifNoneMatch };
}

/** How S3 answers where a condition does not hold; 404 where it asks for an object that is gone. */
function unmet(condition: Condition | undefined): number[] {
  if (condition === undefined) return [];
  return 'ifMatch' in condition ? [404, 412] : [412];
}

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
    return ENTITIES[name] ?? all;
  });
}
