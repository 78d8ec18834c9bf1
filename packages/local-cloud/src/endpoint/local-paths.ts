import { AwsError } from './service.ts';
import type { ServiceResponse } from './service.ts';
import type { RawRequest } from './route.ts';

const PREFIX = '/_local/';

/** A request to one of the local cloud's own paths, `/_local/<name>…`. */
export interface LocalRequest {
  readonly method: string;
  /** What follows the name, `/` when nothing does. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

export interface LocalResponse {
  /** 200 unless it is given. */
  readonly status?: number;
  /** JSON unless it is given. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Answers one of the local cloud's own paths. Throws {@link AwsError} to refuse a request. */
export type LocalHandler = (request: LocalRequest) => Promise<LocalResponse>;

/** A {@link LocalResponse} with a JSON document. */
export function localJson(document: unknown, status = 200): LocalResponse {
  return { status, body: JSON.stringify(document) };
}

export function isLocalPath(url: string): boolean {
  return url.startsWith(PREFIX);
}

/**
 * Answers a request to a local path.
 *
 * @throws {AwsError} NotFound when there is no handler of that name.
 */
export async function answerLocal(
  request: RawRequest,
  handlers: Readonly<Record<string, LocalHandler>>,
): Promise<ServiceResponse> {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const [name = '', ...rest] = pathname.slice(PREFIX.length).split('/');
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (!handler) {
    const names = Object.keys(handlers).map((known) => PREFIX + known);
    throw new AwsError('NotFound', `There is no ${PREFIX}${name}. There is ${names.join(', ')}`, 404);
  }
  const { method, body } = request;
  const answer = await handler({ method, path: `/${rest.join('/')}`, query: searchParams, body });
  return {
    status: answer.status ?? 200,
    headers: {
      'content-type': answer.contentType ?? 'application/json',
      'cache-control': 'no-store',
      ...answer.headers,
    },
    body: answer.body,
  };
}
