import { signedFetch, type SignedRequest } from '../signed-request.ts';

/** The search service cannot be reached, or has too much to do. It passes, so try again later. */
export class SearchUnavailable extends Error {
  constructor(problem: string, options?: ErrorOptions) {
    super(
      `The search service ${problem}. If it goes on, look at SEARCH_URL and at the domain's health.`,
      options,
    );
    this.name = 'SearchUnavailable';
  }
}

/** The search service does not do what it was asked, in its own words. */
export class SearchRefused extends Error {
  readonly status: number;
  /** OpenSearch's name of the error, such as `index_not_found_exception`. */
  readonly type: string;

  constructor(request: string, status: number, body: unknown) {
    const type = String(at(body, 'error', 'type') ?? 'unknown');
    const reason = String(at(body, 'error', 'reason') ?? 'no reason was given');
    super(`${request} was refused (${status} ${type}): ${reason}. Look at what is asked of the index.`);
    this.name = 'SearchRefused';
    this.status = status;
    this.type = type;
  }
}

export interface SearchCall {
  readonly method: SignedRequest['method'];
  /** Names without characters that a URL would escape: they are signed as they are sent. */
  readonly path: string;
  /** JSON, or for a bulk request lines of it. */
  readonly body?: object | readonly object[];
}

/** OpenSearch's REST interface, with requests signed for AWS: the few calls of ours need no client. */
export class SearchService {
  readonly #base: string;
  readonly #timeoutMs: number;

  /** @param base SEARCH_URL. @param timeoutMs after which a call is given up. */
  constructor(base: string, timeoutMs: number) {
    this.#base = base.replace(/\/+$/, '');
    this.#timeoutMs = timeoutMs;
  }

  /** What OpenSearch answers. @throws SearchUnavailable, SearchRefused */
  async call({ method, path, body }: SearchCall): Promise<unknown> {
    const lines = Array.isArray(body);
    const response = await signedFetch({
      service: 'es',
      method,
      url: new URL(`${this.#base}${path}`),
      headers: { 'content-type': lines ? 'application/x-ndjson' : 'application/json' },
      timeoutMs: this.#timeoutMs,
      ...(body === undefined ? {} : { body: lines ? ndjson(body) : JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new SearchUnavailable(`did not answer ${method} ${path}`, { cause: error });
    });
    if (response.status === 429 || response.status >= 500) {
      throw new SearchUnavailable(`answered ${method} ${path} with ${response.status}`);
    }
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw new SearchRefused(`${method} ${path}`, response.status, answer);
    return answer;
  }
}

function ndjson(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** A member within what a service answered; `undefined` where there is none. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
        ? Reflect.get(inner, name)
        : undefined,
    value,
  );
}

/** A list within what a service answered; empty where there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const list = at(value, ...path);
  return Array.isArray(list) ? list : [];
}
