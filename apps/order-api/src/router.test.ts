import { Throttled } from '@orderstream/domain';
import { apiHandler, readRequest, type ApiRequest } from '@orderstream/lambda-kit';
import { eventOf, FakeShop, PLACEMENT } from './testing/fake-shop.ts';

it('a route that there is not is not found', async () => {
  const { status, body } = await new FakeShop().call({ route: 'DELETE /orders' });

  expect([status, body.detail]).toEqual([404, 'There is no DELETE /orders here.']);
});

describe('who is asking', () => {
  const event = eventOf({ route: 'GET /orders' });
  const asking = (authorizer: object | undefined) => ({
    ...event,
    requestContext: { ...event.requestContext, ...(authorizer && { authorizer }) },
  });

  it.each([
    ['the subject of the token', { jwt: { claims: { sub: 'ada' } } }, 'ada'],
    ['the AWS user who signed, where there is no issuer', { iam: { userId: 'AIDA1' } }, 'AIDA1'],
  ])('is %s', (_, authorizer, customerId) => {
    expect(readRequest(asking(authorizer)).customerId).toBe(customerId);
  });

  it.each([
    ['nothing', {}],
    ['a token without subject', { jwt: { claims: {} } }],
    ['an empty subject', { jwt: { claims: { sub: '' } } }],
    ['a subject that is no text', { jwt: { claims: { sub: 7 } } }],
  ])('has to be known: %s is refused', async (_, authorizer) => {
    const route = jest.fn(async ({ customerId }: ApiRequest) => ({ status: 200, body: customerId }));
    const handler = apiHandler(new Map([['GET /orders', route]]), jest.fn());

    const { statusCode } = await handler(asking(authorizer));

    expect(statusCode).toBe(401);
  });
});

it('a body in base64 is read as well', () => {
  const body = Buffer.from(JSON.stringify(PLACEMENT)).toString('base64');
  const event = { ...eventOf({ route: 'POST /orders', body }), isBase64Encoded: true };

  expect(readRequest(event).json()).toEqual(PLACEMENT);
});

it.each([
  ['that is no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ['with half a character', Buffer.from('"\xed\xa0\x80"', 'latin1')],
  ['that is no JSON', Buffer.from('{"paymentToken": tok_secret}')],
])('a body %s is refused, and nothing of it is repeated', (_, bytes) => {
  const event = {
    ...eventOf({ route: 'POST /orders', body: bytes.toString('base64') }),
    isBase64Encoded: true,
  };

  expect(() => readRequest(event).json()).toThrow(expect.objectContaining({ kind: 'malformed-body' }));
  expect(() => readRequest(event).json()).not.toThrow(/tok_/);
});

describe('what is not the caller’s doing', () => {
  it.each([
    ['an error of ours', new TypeError('orders.secret is undefined'), 500, 'internal-error'],
    ['a throttle', new Throttled('DynamoDB', 'secret'), 503, 'try-later'],
    ['a broken connection', Object.assign(new Error('secret'), { code: 'ECONNRESET' }), 503, 'try-later'],
  ])('%s is reported, and hidden from the caller', async (_, error, status, kind) => {
    const shop = new FakeShop();
    shop.broken = error;

    const answer = await shop.call({ route: 'GET /orders' });

    expect(answer).toMatchObject({ status, body: { type: `urn:orderstream:problem:${kind}`, status } });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(shop.reported).toEqual([error]);
  });

  it('an error of ours names the request, so that it can be found', async () => {
    const shop = new FakeShop();
    shop.broken = new Error();

    expect((await shop.call({ route: 'GET /orders' })).body.detail).toContain('request-1');
  });
});
