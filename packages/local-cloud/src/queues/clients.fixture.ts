import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServiceRequest } from '../endpoint/service.ts';
import type { Queues } from './queues.ts';

/** The endpoint as far as these tests need it: routes by credential scope and hands bodies over whole. */
export async function listen(queues: () => Queues): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const service = /Credential=[^/]+\/\d+\/[^/]+\/(\w+)\//.exec(incoming.headers.authorization ?? '')?.[1];
      const request: ServiceRequest = {
        service: service ?? '',
        operation: '',
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: Object.fromEntries(
          Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
        ),
        body: Buffer.concat(chunks),
        caller: { kind: 'operator', name: 'test', roleArn: undefined },
      };
      void queues()
        [service as 'sqs' | 'sns' | 's3'](request)
        .then(({ status, headers, body }) => outgoing.writeHead(status, headers).end(body))
        .catch((error: Error) => outgoing.writeHead(500).end(String(error.stack)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
