import { Agent, request } from 'node:http';

import { AwsError } from '../endpoint/service.ts';
import type { ServiceResponse } from '../endpoint/service.ts';
import { isObject } from './attribute-values.ts';

/** The engine could not be asked, or its answer was lost. */
export class EngineUnavailable extends Error {
  /** Whether the request can have had an effect. */
  readonly sent: boolean;

  constructor(endpoint: string, sent: boolean, cause: Error) {
    super(
      `The table engine at ${endpoint} ${sent ? 'did not answer' : 'can not be reached'}: ${cause.message}`,
      {
        cause,
      },
    );
    this.name = 'EngineUnavailable';
    this.sent = sent;
  }
}

/** Errors of making a connection: nothing has been sent yet. */
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Headers of an answer that mean something beyond this connection. */
const KEPT_HEADERS = ['content-type', 'x-amzn-requestid', 'x-amz-crc32'];

/** Plain HTTP to the DynamoDB behind the endpoint: a third of what an SDK call costs. */
export class EngineClient {
  readonly endpoint: string;
  readonly #address: { readonly host: string; readonly port: number; readonly path: string };
  readonly #authorization: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(endpoint: string, region: string) {
    this.endpoint = endpoint;
    const { hostname, port, pathname } = new URL(endpoint);
    this.#address = { host: hostname, port: Number(port || 80), path: pathname };
    // Engines want a signature and verify none. One key for all callers: some keep tables apart by access key.
    this.#authorization =
      `AWS4-HMAC-SHA256 Credential=orderstream/20260101/${region}/dynamodb/aws4_request, ` +
      'SignedHeaders=host;x-amz-date, Signature=0';
  }

  /**
   * Sends a call as it is and gives its answer as it is, errors included.
   *
   * @throws EngineUnavailable
   */
  send(operation: string, body: string | Buffer): Promise<ServiceResponse> {
    return new Promise((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException) =>
        reject(new EngineUnavailable(this.endpoint, !NOT_CONNECTED.has(error.code ?? ''), error));
      const outgoing = request(
        {
          ...this.#address,
          method: 'POST',
          agent: this.#agent,
          headers: {
            'content-type': 'application/x-amz-json-1.0',
            'content-length': Buffer.byteLength(body),
            'x-amz-target': `DynamoDB_20120810.${operation}`,
            'x-amz-date': '20260101T000000Z',
            authorization: this.#authorization,
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', fail);
          incoming.on('end', () => {
            const headers: Record<string, string> = {};
            for (const name of KEPT_HEADERS) {
              const value = incoming.headers[name];
              if (typeof value === 'string') headers[name] = value;
            }
            resolve({ status: incoming.statusCode ?? 500, headers, body: Buffer.concat(chunks) });
          });
        },
      );
      outgoing.on('error', fail);
      outgoing.end(body);
    });
  }

  /**
   * Makes a call of the cloud's own.
   *
   * @throws AwsError when the engine answers with an error. @throws EngineUnavailable
   */
  async call(operation: string, input: unknown): Promise<unknown> {
    const { status, body } = await this.send(operation, JSON.stringify(input));
    const answer: unknown = JSON.parse(body.toString());
    if (status === 200) return answer;
    const { __type, message, Message } = isObject(answer) ? answer : {};
    const code = String(__type).split('#').at(-1) ?? '';
    throw new AwsError(code, `${operation}: ${String(message ?? Message ?? code)}`, status);
  }

  close(): void {
    this.#agent.destroy();
  }
}
