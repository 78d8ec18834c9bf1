import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from './free-port.ts';

describe('a free port', () => {
  it('can be listened on, and so can those that follow it', async () => {
    const first = await freePort(3);

    const servers = [0, 1, 2].map((index) => createServer().listen(first + index, '127.0.0.1'));
    await Promise.all(servers.map((server) => once(server, 'listening')));

    for (const server of servers) server.close();
  });
});
