import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServiceResponse } from './service.ts';

/**
 * Reads a request's body. One that is too long is read to its end and dropped, so that the client gets to see the answer.
 *
 * @returns undefined when it is longer than `limit` bytes. Rejects when the client goes away.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on('end', () => {
      const [first] = chunks;
      if (length > limit) resolve(undefined);
      else resolve(chunks.length === 1 && first ? first : Buffer.concat(chunks));
    });
    request.on('error', reject);
  });
}

/** Headers with one value each, as Node joins them. */
export function plainHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string') headers[name] = value;
  }
  return headers;
}

/** Statuses that come without a body, and so without its length. */
const BODILESS = new Set([204, 304]);

export function send(response: ServerResponse, answer: ServiceResponse, requestId: string): void {
  const { status, headers, body } = answer;
  response.writeHead(status, {
    ...(!BODILESS.has(status) && { 'content-length': Buffer.byteLength(body) }),
    'x-amzn-requestid': requestId,
    ...headers,
  });
  response.end(body);
}
