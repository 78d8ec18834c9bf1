import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import { answerAs, askPublicApi, askStaffApi, refusal } from './ask-api.ts';
import type { CloudClient, CloudStatus } from './cloud-client.ts';

describe('an API that is asked', () => {
  const asked: Pick<IncomingMessage, 'url' | 'headers'>[] = [];
  const tokens: [string, readonly string[]][] = [];
  let answer: { status: number; body: string };
  let server: Server;
  let session: { status: CloudStatus; cloud: CloudClient };

  beforeAll(async () => {
    server = createServer(({ url, headers }, response) => {
      asked.push({ url, headers });
      response.writeHead(answer.status).end(answer.body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const cloud = {
      token: async (subject: string, groups: readonly string[]) => {
        tokens.push([subject, groups]);
        return 'a-token';
      },
    };
    session = { status: { api, outputs: { staff_api_url: `${api}/` } }, cloud } as never;
  });
  beforeEach(() => {
    asked.length = 0;
    answer = { status: 200, body: '{"rows":[]}' };
  });
  afterAll(() => server.close());

  const { signal } = new AbortController();

  it('hears a member of the staff where it is the staff’s', async () => {
    const found = await askStaffApi(session, {
      path: '/sales',
      query: { by: 'day', from: undefined },
      signal,
    });

    expect(found).toEqual({ rows: [] });
    expect(asked).toMatchObject([{ url: '/sales?by=day', headers: { authorization: 'Bearer a-token' } }]);
    expect(tokens).toEqual([['orders-cli', ['staff']]]);
  });

  it('hears anybody where it is public', async () => {
    await askPublicApi(session, { path: '/products', query: { q: 'hangng heart & "more"' }, signal });

    expect(asked[0]?.url).toBe('/products?q=hangng+heart+%26+%22more%22');
    expect(asked[0]?.headers).not.toHaveProperty('authorization');
  });

  it('is told apart from one that answers something else', async () => {
    answer = { status: 200, body: '<html>' };

    await expect(askPublicApi(session, { path: '/products', signal })).rejects.toThrow(/is no JSON: <html>/);
  });

  it('refuses in its own words', async () => {
    const body = { title: 'This deployment has it switched off', detail: 'Search is off.', status: 501 };
    answer = { status: 501, body: JSON.stringify(body) };

    await expect(askPublicApi(session, { path: '/products', signal })).rejects.toMatchObject({
      message: 'This deployment has it switched off: Search is off.',
      exitCode: 1,
    });
  });
});

it.each([
  [
    400,
    {
      title: 'Some of it is wrong',
      detail: 'Correct it.',
      errors: [{ field: 'from', problem: 'is after to' }],
    },
    'Some of it is wrong: Correct it. – from is after to',
    2,
  ],
  [403, { title: 'This is for others' }, 'This is for others', 1],
  [502, '<html>Bad gateway</html>', 'The API answered 502 to /sales: <html>Bad gateway</html>', 1],
  [500, {}, 'The API answered 500 to /sales: {}', 1],
  [500, { title: 7 }, 'The API answered 500 to /sales: {"title":7}', 1],
])('%d with %j reads as one line', (status, body, message, exitCode) => {
  const error = refusal(status, '/sales', typeof body === 'string' ? body : JSON.stringify(body));

  expect(error).toMatchObject({ message, exitCode });
});

it('an answer of another version is named, not printed', () => {
  const schema = z.object({ total: z.number() });

  expect(answerAs(schema, { total: 1, more: 2 }, 'GET /x')).toEqual({ total: 1 });
  expect(() => answerAs(schema, { total: '1' }, 'GET /x')).toThrow(/GET \/x is not as .*total: .*npm start/);
});
