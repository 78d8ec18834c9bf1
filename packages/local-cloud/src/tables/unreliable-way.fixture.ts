import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import type { Engine } from './engine.ts';
import { EngineClient } from './engine-client.ts';

/** Its connection breaks before or after the engine had it, its answer becomes an error, it is answered like this or later. */
export type Fate =
  | 'before'
  | 'after'
  | 'server-error'
  | 'throttled'
  | Promise<undefined>
  | ((input: Record<string, unknown>) => object)
  | undefined;

const THROTTLED = JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException' });

/**
 * Stands between the tables and the engine and decides what becomes of each call.
 *
 * @param onWritten hears of each call that the engine has carried out, before its answer goes on.
 */
export async function anUnreliableWay(
  engine: Engine,
  fateOf: (operation: string) => Fate,
  onWritten: (operation: string) => void = () => undefined,
) {
  const client = new EngineClient(engine.endpoint, 'eu-west-1');
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const operation = String(incoming.headers['x-amz-target']).split('.').at(-1) ?? '';
      const body = await text(incoming);
      const fate = fateOf(operation);
      if (fate === 'before') return incoming.socket.destroy();
      if (fate === 'throttled') return outgoing.writeHead(400).end(THROTTLED);
      if (fate instanceof Promise) await fate;
      if (typeof fate === 'function') return outgoing.end(JSON.stringify(fate(JSON.parse(body))));
      const answer = await client.send(operation, body);
      onWritten(operation);
      if (fate === 'after') return incoming.socket.destroy();
      return outgoing.writeHead(fate === 'server-error' ? 500 : answer.status).end(answer.body);
    })().catch(() => incoming.socket.destroy());
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      client.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
