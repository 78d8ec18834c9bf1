import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  /** The operation, as AWS's JSON protocols name it; of S3, the method. */
  readonly operation: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** AWS on a loopback port: remembers what it is asked, and answers as the test says. */
export class AwsServer {
  readonly received: Received[] = [];
  /** Answers by operation; `{}` with 200 otherwise. */
  readonly answers = new Map<string, { status: number; body: unknown }>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const { method, url: path, headers } = request;
      const target = headers['x-amz-target'];
      const operation = typeof target === 'string' ? target : `${method}`;
      this.received.push({ method, path, operation, headers, body: await text(request) });
      const { status, body } = this.answers.get(operation) ?? { status: 200, body: {} };
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(body));
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  forget(): void {
    this.received.length = 0;
    this.answers.clear();
  }
}
