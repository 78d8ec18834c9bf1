import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ServerAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** What SES and SNS answer when they have taken a message. */
export const TAKEN: Record<'mail' | 'sms', ServerAnswer> = {
  mail: { status: 200, body: '{"MessageId":"mail-1"}' },
  sms: {
    status: 200,
    body: '<PublishResponse><PublishResult><MessageId>sms-1</MessageId></PublishResult></PublishResponse>',
  },
};

/** SES, SNS and DynamoDB on a loopback port: keep what they are sent, and answer as the test says. */
export class PostServer {
  readonly received: { path: string; authorization: string; body: string }[] = [];
  /** Instead of an answer that it was taken; 'hang-up' ends the connection without one. */
  answer: ServerAnswer | 'hang-up' | undefined;
  /** What DynamoDB answers at the same port, by operation; `{}` otherwise. */
  readonly tables: Record<string, object> = {};
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const { url: path = '', headers } = request;
      const target = headers['x-amz-target'];
      if (typeof target === 'string') {
        await text(request);
        return void response.end(JSON.stringify(this.tables[target.replace(/^.*\./, '')] ?? {}));
      }
      this.received.push({ path, authorization: headers.authorization ?? '', body: await text(request) });
      if (this.answer === 'hang-up') return void response.destroy();
      const { status, headers: extra = {}, body = '' } = this.answer ?? TAKEN[path === '/' ? 'sms' : 'mail'];
      response.writeHead(status, extra);
      response.end(body);
    });
  }

  /** Starts it and makes it the endpoint of all AWS calls. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'hush',
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
