import { BatchWriteCommand, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { startSmallStack, type SmallStack } from '../testing/small-stack.ts';
import { removeActivity } from './activity.ts';
import { forgetCustomerIds, forgetOrders, ordersOf } from './orders.ts';

jest.setTimeout(30_000);

const AT = '2026-01-02T00:00:00.000Z';
const LATER = '2026-01-02T00:00:01.000Z';
const { signal } = new AbortController();

describe('the tables of a customer who is forgotten', () => {
  let stack: SmallStack;
  beforeAll(async () => {
    stack = await startSmallStack();
  });
  afterAll(() => stack.close());

  const order = (orderId: string, more: object = {}) => ({
    orderId,
    status: 'SHIPPED',
    itemVersion: 7,
    placedAt: `2026-01-01T00:00:00.000Z`,
    customerId: 'ada',
    email: 'ada@example.com',
    phone: '1',
    paymentToken: 'tok',
    trace: 'Root=1',
    shippingAddress: { name: 'Ada', country: 'France' },
    total: '12.50',
    ...more,
  });
  const put = (Item: object) => stack.session.documents.send(new PutCommand({ TableName: 'orders', Item }));
  const get = async (orderId: string) =>
    (await stack.session.documents.send(new GetCommand({ TableName: 'orders', Key: { orderId } }))).Item;

  it('lose the person from orders that ended, once, and keep open and other customers’ ones', async () => {
    const open = order('open', { status: 'PAID' });
    const bobs = order('bobs', { customerId: 'bob' });
    for (const item of [order('ended'), open, bobs, order('bare', { email: undefined, phone: undefined })])
      await put(item);
    const ids = ['ended', 'open', 'bobs', 'bare', 'none'];

    expect((await ordersOf(stack.session, 'ada')).toSorted()).toEqual(['bare', 'ended', 'open']);
    const first = await forgetOrders(stack.session, 'ada', ids, { at: AT, signal });
    const again = await forgetOrders(stack.session, 'ada', ids, { at: 'later', signal });

    const fates = { ended: 'forgotten', open: 'kept', bobs: 'none', bare: 'forgotten', none: 'gone' };
    const stands = (some: typeof first) =>
      Object.fromEntries([...some].map(([id, { stand }]) => [id, stand]));
    expect(stands(first)).toEqual(fates);
    expect(stands(again)).toEqual(fates);
    expect([first, again].map((run) => run.get('ended')?.now)).toEqual([true, false]);
    expect(await get('ended')).toMatchObject({ customerId: 'ada', itemVersion: 8, forgottenAt: AT });
    expect((await ordersOf(stack.session, 'ada')).toSorted()).toEqual(['bare', 'ended', 'open']);
    for (let time = 0; time < 2; time += 1)
      await forgetCustomerIds(stack.session, 'ada', ids, { at: LATER, signal });
    expect(await get('ended')).toEqual({
      orderId: 'ended',
      status: 'SHIPPED',
      itemVersion: 9,
      placedAt: '2026-01-01T00:00:00.000Z',
      country: 'France',
      total: '12.50',
      forgottenAt: AT,
      updatedAt: LATER,
      updatedBy: 'forget',
    });
    expect(await get('open')).toEqual(open);
    expect(await get('bobs')).toEqual(bobs);
    expect(await ordersOf(stack.session, 'ada')).toEqual(['open']);
  });

  it('lose the person once, when two forget them at the same time', async () => {
    await put(order('twice'));

    const runs = await Promise.all(
      [1, 2, 3].map(() => forgetOrders(stack.session, 'ada', ['twice'], { at: AT, signal })),
    );

    expect(runs.map((run) => run.get('twice')?.stand)).toEqual(['forgotten', 'forgotten', 'forgotten']);
    expect(runs.filter((run) => run.get('twice')?.now)).toHaveLength(1);
    expect(await get('twice')).toMatchObject({ itemVersion: 8 });
  });

  it('keep the country that an order has', async () => {
    await put(order('moved', { country: 'Norway' }));

    await forgetOrders(stack.session, 'ada', ['moved'], { at: AT, signal });

    expect(await get('moved')).toMatchObject({ country: 'Norway', itemVersion: 8 });
  });

  it('lose every row of the customer’s activity, and no other', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      who: `customer#${i < 55 ? 'ada' : 'ada-2'}`,
      moment: `${i}`,
    }));
    for (let start = 0; start < rows.length; start += 20) {
      const some = rows.slice(start, start + 20).map((Item) => ({ PutRequest: { Item } }));
      await stack.session.documents.send(new BatchWriteCommand({ RequestItems: { activity: some } }));
    }

    expect(await removeActivity(stack.session, 'activity', 'ada', signal)).toBe(55);
    expect(await removeActivity(stack.session, 'activity', 'ada', signal)).toBe(0);
    const { Items = [] } = await stack.session.documents.send(new ScanCommand({ TableName: 'activity' }));
    expect(Items.map(({ who }) => who)).toEqual(Array(5).fill('customer#ada-2'));
  });
});
