import { once } from 'node:events';
import { type IncomingMessage, createServer, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** Stands between clients and an endpoint of AWS, and notes down what they call. */
export interface Recorder {
  readonly url: string;
  /** Since the last time it was asked: `PUT /bucket?policy`, `iam GetRole`. */
  taken(): string[];
  /** Lets this many more calls through that fit; then AWS seems to refuse each of them, until it is asked to again. */
  allow(calls: number, fitting: (call: string) => boolean): void;
  close(): void;
}

/** As IAM words it, and S3 near enough. */
const REFUSAL =
  '<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not now.</Message></Error></ErrorResponse>';

export async function startRecorder(endpointUrl: string): Promise<Recorder> {
  const { hostname, port } = new URL(endpointUrl);
  let calls: string[] = [];
  let isRefused: (call: string) => boolean = () => false;
  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const call = callIn(incoming, body);
    if (isRefused(call)) {
      outgoing.writeHead(403, { 'content-type': 'text/xml' }).end(REFUSAL);
      return;
    }
    calls.push(call);
    const { method, url, headers } = incoming;
    const forwarded = request({ hostname, port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The recorder has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    taken: () => {
      const taken = calls;
      calls = [];
      return taken;
    },
    allow: (most, fitting) => {
      let left = most;
      isRefused = (call) => fitting(call) && (left -= 1) < 0;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function callIn({ method, url = '', headers }: IncomingMessage, body: Buffer): string {
  const action = new URLSearchParams(body.toString()).get('Action');
  const [, service = ''] = /\/([a-z0-9-]+)\/aws4_request/.exec(headers.authorization ?? '') ?? [];
  return action === null ? `${method} ${url}` : `${service} ${action}`;
}
