import { openShop, type TestShop } from '../testing/shop.ts';
import { readingSchema } from './recording.ts';

jest.setTimeout(120_000);

describe('the meter, while an order ships', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
    await shop.receive('goods', { MUG: 100 });
    await shop.cloud.settled();
    await shop.session.cloud.meter(true);
    await shop.settled(await shop.place());
  });
  afterAll(() => shop.close());

  const reading = async () => readingSchema.parse(await shop.session.cloud.meter());
  const byOf = async (app: string) => (await reading()).by[`orderstream-local-${app}`];

  it('counts its start and its four stages as transitions', async () => {
    expect((await reading()).total['states.transitions']).toBe(5);
  });

  it.each(['validate-order', 'process-payment', 'update-inventory', 'ship-order'])(
    'counts one invocation of %s, its duration and its writes',
    async (stage) => {
      expect(await byOf(stage)).toMatchObject({
        'lambda.requests': 1,
        'lambda.gbSeconds': expect.any(Number),
        'dynamodb.writeUnits': expect.any(Number),
      });
    },
  );

  it('counts the five events that the dispatcher publishes', async () => {
    expect((await byOf('stream-dispatcher'))?.['events.published']).toBe(5);
  });

  it('counts what the rules send to the queues of consumers, and what mappings take from them', async () => {
    const { by } = await reading();

    expect(by['rules and destinations']?.['sqs.requests']).toBeGreaterThanOrEqual(5);
    expect(by['orderstream-local-notify-customer']?.['sqs.requests']).toBeGreaterThanOrEqual(2);
  });

  it('counts the writes to the index of open orders, which the order enters and leaves', async () => {
    expect(
      (await reading()).tables['orderstream-local-orders/openOrders']?.['dynamodb.writeUnits'],
    ).toBeGreaterThan(6);
  });

  it('counts the audit trail, and the custom metrics of the functions', async () => {
    expect((await byOf('archive-changes'))?.['s3.writes']).toBeGreaterThanOrEqual(1);
    expect((await reading()).metrics).toContain('Orderstream/local Done {service=ship-order}');
  });
});
