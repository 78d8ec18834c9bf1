import { BatchGetCommand, type BatchGetCommandInput } from '@aws-sdk/lib-dynamodb';
import { ForgottenOrders } from './forgotten-orders.ts';

type Asked = NonNullable<BatchGetCommandInput['RequestItems']>;

/** A table in which every order but o-1 is forgotten; each call leaves `unread(call)` of its keys unread. */
function table(unread: (call: number) => number = () => 0) {
  const asked: Asked[] = [];
  const send = async (command: unknown) => {
    if (!(command instanceof BatchGetCommand)) throw new Error('unexpected');
    const RequestItems = command.input.RequestItems ?? {};
    asked.push(RequestItems);
    const { Keys = [], ...rest } = RequestItems['orders'] ?? {};
    const left = unread(asked.length);
    const items = Keys.slice(left).map((key) =>
      key['orderId'] === 'o-1' ? key : { ...key, forgottenAt: 'x' },
    );
    return {
      Responses: { orders: items },
      UnprocessedKeys: left === 0 ? {} : { orders: { ...rest, Keys: Keys.slice(0, left) } },
    };
  };
  const orders = new ForgottenOrders({ send: send as never }, 'orders', () => Promise.resolve());
  return { asked, orders };
}

const ids = (count: number) => Array.from({ length: count }, (_, i) => `o-${i + 1}`);

it('are read consistently, a hundred at a time, without their persons', async () => {
  const { asked, orders } = table();

  expect(await orders.among(ids(250))).toEqual(new Set(ids(250).slice(1)));
  expect(asked.map(({ orders: one }) => one?.Keys?.length)).toEqual([100, 100, 50]);
  expect(asked[0]).toMatchObject({
    orders: { ConsistentRead: true, ProjectionExpression: 'orderId, forgottenAt' },
  });
});

it('are asked for again where DynamoDB left some unread', async () => {
  const { asked, orders } = table((call) => (call === 1 ? 60 : 0));

  expect(await orders.among(ids(100))).toEqual(new Set(ids(100).slice(1)));
  expect(asked[1]?.['orders']?.ConsistentRead).toBe(true);
  expect(asked[1]?.['orders']?.Keys).toHaveLength(60);
});

it('are not guessed where DynamoDB goes on leaving some unread', async () => {
  const { orders } = table(() => 2);

  await expect(orders.among(ids(5))).rejects.toThrow(/leaves 2 orders unread/);
});
