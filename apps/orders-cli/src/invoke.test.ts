import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { openFunction, type AskedFunction } from './invoke.ts';

describe('a function that is asked', () => {
  const asked: { url: string | undefined; body: string }[] = [];
  let answer: { headers: Record<string, string>; body: string };
  let server: Server;
  let asking: AskedFunction;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      asked.push({ url: request.url, body: await text(request) });
      response.writeHead(200, answer.headers).end(answer.body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    asking = await openFunction({ status: { endpoint, region: 'eu-west-1' } as never }, 'shop-track-sales');
  });
  afterAll(() => {
    asking.close();
    server.close();
  });

  it('is called by its name and answers JSON', async () => {
    answer = { headers: {}, body: '{"generation":3}' };

    expect(await asking.ask({ rebuild: 'begin' })).toEqual({ generation: 3 });
    expect(asked).toEqual([
      { url: '/2015-03-31/functions/shop-track-sales/invocations', body: '{"rebuild":"begin"}' },
    ]);
  });

  it.each([['null', null]])('may answer %s', async (body, value) => {
    answer = { headers: {}, body };

    expect(await asking.ask({})).toBe(value);
  });

  it('ends the command with its own error', async () => {
    const failure = { errorType: 'RebuildRefused', errorMessage: 'Generation 2 is being built already.' };
    answer = { headers: { 'x-amz-function-error': 'Unhandled' }, body: JSON.stringify(failure) };

    await expect(asking.ask({ rebuild: 'begin' })).rejects.toMatchObject({
      message: expect.stringMatching(
        /shop-track-sales failed at .*RebuildRefused: Generation 2 is being built already\./,
      ),
      exitCode: 1,
    });
  });
});
