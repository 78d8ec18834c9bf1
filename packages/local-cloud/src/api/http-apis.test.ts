import { createServer } from 'node:http';
import { MovableClock } from '../clock.ts';
import { freePort } from '../free-port.ts';
import type { InvokeResult } from '../functions/invoker.ts';
import { InFlight } from '../in-flight.ts';
import type { HttpApi } from '../stack/model.ts';
import { route } from './api.fixture.ts';
import { HttpApis } from './http-apis.ts';
import { LocalIssuer } from './issuer.ts';

const authorizers = [{ id: 'jwt', issuer: 'https://issuer', audience: ['shop'] }];
const guarded = { authorization: 'JWT', authorizerId: 'jwt' } as const;

const customers: HttpApi = {
  id: 'customers1',
  name: 'shop-customers',
  routes: [route('GET /orders', { ...guarded, functionName: 'order-api' })],
  authorizers,
};
const staff: HttpApi = {
  id: 'staff12345',
  name: 'shop-staff',
  routes: [
    route('GET /sales', { ...guarded, functionName: 'ops-api' }),
    route('GET /products', { functionName: 'ops-api' }),
    route('PUT /products/{sku}', { functionName: 'ops-api' }),
    route('DELETE /products/{sku}', { functionName: 'ops-api' }),
  ],
  authorizers,
};

interface Event {
  requestContext: { apiId: string; authorizer?: unknown };
}

const clock = new MovableClock();
const issuer = new LocalIssuer(clock);
afterAll(() => clock.stop());

let calls: [functionName: string, event: Event][];
let apis: HttpApis;

async function open(...stack: HttpApi[]): Promise<number> {
  const firstPort = await freePort(stack.length);
  calls = [];
  apis = new HttpApis({
    apis: stack,
    firstPort,
    invoker: {
      invoke: async (name, payload): Promise<InvokeResult> => {
        calls.push([name, JSON.parse(payload) as Event]);
        return { requestId: 'r', payload: '{"statusCode":204}', functionError: undefined };
      },
    },
    issuer,
    clock,
    inFlight: new InFlight(),
    region: 'eu-central-1',
    accountId: '111111111111',
  });
  await apis.listen();
  return firstPort;
}
afterEach(() => apis.close());

describe('the HTTP APIs of a stack', () => {
  it('stand on ports in a row, in the order of the stack', async () => {
    const port = await open(customers, staff);

    expect(Object.entries(apis.urls)).toEqual([
      ['shop-customers', `http://127.0.0.1:${port}`],
      ['shop-staff', `http://127.0.0.1:${port + 1}`],
    ]);
  });

  it('have routes of their own', async () => {
    const port = await open(customers, staff);

    const answers = await Promise.all([
      fetch(`http://127.0.0.1:${port}/products`),
      fetch(`http://127.0.0.1:${port + 1}/products`),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([404, 204]);
    expect(calls).toMatchObject([['ops-api', { requestContext: { apiId: 'staff12345' } }]]);
  });

  it('take the same token, and hand its groups on', async () => {
    const port = await open(customers, staff);
    const headers = { authorization: `Bearer ${await apis.token('anna', ['staff', 'admin'])}` };

    await fetch(`http://127.0.0.1:${port}/orders`, { headers });
    await fetch(`http://127.0.0.1:${port + 1}/sales`, { headers });

    const claims = expect.objectContaining({ sub: 'anna', 'cognito:groups': '[staff admin]' });
    expect(calls.map(([name, { requestContext }]) => [name, requestContext.authorizer])).toEqual([
      ['order-api', { jwt: { claims, scopes: null } }],
      ['ops-api', { jwt: { claims, scopes: null } }],
    ]);
  });

  it.each([
    ['PUT', { body: '{"price":1}', isBase64Encoded: false }],
    ['DELETE', { isBase64Encoded: false }],
  ])('hand a public %s on with its path, its query and its body', async (method, carried) => {
    const port = await open(staff);

    await fetch(`http://127.0.0.1:${port}/products/22%20A?dry=1`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: 'body' in carried ? carried.body : null,
    });

    expect(calls[0]![1]).toMatchObject({
      routeKey: `${method} /products/{sku}`,
      pathParameters: { sku: '22 A' },
      queryStringParameters: { dry: '1' },
      ...carried,
    });
    expect(calls[0]![1].requestContext).not.toHaveProperty('authorizer');
  });

  it('take tokens of the first one with an authorizer', async () => {
    const port = await open({ ...customers, authorizers: [], routes: [] }, staff);
    const headers = { authorization: await apis.token('anna') };

    expect((await fetch(`http://127.0.0.1:${port + 1}/sales`, { headers })).status).toBe(204);
  });

  it('give no token when none has an authorizer', async () => {
    await open({ ...customers, authorizers: [], routes: [] });

    await expect(apis.token('anna')).rejects.toThrow('Set ORDERSTREAM_ISSUER.');
  });

  it('name the one whose port is taken, and can still be closed', async () => {
    const port = await open();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port + 1, '127.0.0.1', resolve));
    const options = { issuer, clock, inFlight: new InFlight(), region: 'r', accountId: '1' };
    const invoker = { invoke: () => Promise.reject(new Error('nobody')) };
    apis = new HttpApis({ ...options, invoker, apis: [customers, staff], firstPort: port });

    try {
      await expect(apis.listen()).rejects.toThrow(`Port ${port + 1} (of the API "shop-staff"`);
    } finally {
      await new Promise((resolve) => other.close(resolve));
      await apis.close();
    }
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed');
  });
});
