import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { UsageError } from '../errors.ts';
import { sampleOrders } from './orders.ts';
import { sendOrders } from './send.ts';

describe('the sample orders, sent', () => {
  /** Answers by path; what is not named is 201. */
  const answers = new Map<string, number>();
  const asked: string[] = [];
  let server: Server;
  let api: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume();
      asked.push(request.url ?? '');
      response.statusCode = answers.get(request.url ?? '') ?? 201;
      response.end(JSON.stringify({ orderId: 'o1', status: response.statusCode }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    api = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  afterEach(() => {
    answers.clear();
    asked.length = 0;
  });
  afterAll(() => server.close());

  const cancelled = sampleOrders(20, 1).filter(({ fate }) => fate === 'cancelled');
  const send = async () => {
    const sent: number[] = [];
    const session = { status: { api }, cloud: { token: () => Promise.resolve('token') } };
    const signal = new AbortController().signal;
    await sendOrders(session, cancelled, { perSecond: 1_000, signal, onSent: (count) => sent.push(count) });
    return sent;
  };

  it('come after what their customers, and guests, did in the shop, and before their purchase', async () => {
    await send();

    const visits = ['/activity/me', '/orders', '/orders/o1/cancel', '/activity/me'];
    expect(asked.slice(0, 1)).toEqual(['/activity']);
    expect(asked.filter((path) => path !== '/activity').toSorted()).toEqual(
      cancelled.flatMap(() => visits).toSorted(),
    );
  });

  it('may come too late with a cancellation', async () => {
    answers.set('/orders/o1/cancel', 409);

    expect(await send()).toHaveLength(cancelled.length);
  });

  it.each([
    ['/orders', 409],
    ['/orders', 500],
    ['/orders/o1/cancel', 500],
    ['/activity/me', 400],
  ])('end with the answer when %s answers %d', async (path, status) => {
    answers.set(path, status);

    const error: unknown = await send().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toMatch(new RegExp(`The API answered ${status} to POST ${path}: `));
  });
});
