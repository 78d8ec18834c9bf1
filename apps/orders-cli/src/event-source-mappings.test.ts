import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import type { CloudStatus } from './cloud-client.ts';
import { enableMappings } from './event-source-mappings.ts';

const LIST = '/2015-03-31/event-source-mappings/';
const mapping = (UUID: string, name: string) => ({
  UUID,
  FunctionArn: `arn:aws:lambda:eu-west-1:0:function:${name}`,
});
const PAGES: Readonly<Record<string, object>> = {
  [LIST]: { EventSourceMappings: [mapping('1', 'mail'), mapping('2', 'sales')], NextMarker: 'a/b' },
  [`${LIST}?Marker=a%2Fb`]: { EventSourceMappings: [mapping('3', 'mail:live')], NextMarker: null },
};

describe('the mappings of chosen functions', () => {
  let server: Server;
  afterEach(() => server.close());

  it('are paused on every page of the list, with an alias or without, and no others', async () => {
    const updates: unknown[] = [];
    server = createServer((request, response) => {
      const { method, url = '' } = request;
      if (method === 'GET') return void response.end(JSON.stringify(PAGES[url]));
      void json(request).then((body) => {
        updates.push([url, body]);
        response.end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;

    const count = await enableMappings(
      { status: { endpoint } as CloudStatus },
      false,
      (name) => name === 'mail',
    );

    expect(count).toBe(2);
    expect(updates).toEqual([
      [`${LIST}1`, { Enabled: false }],
      [`${LIST}3`, { Enabled: false }],
    ]);
  });
});
